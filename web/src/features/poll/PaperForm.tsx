import { Alert, Button, Input, type InputRef } from "antd";
import { useRef, useState } from "react";
import { once } from "../../api/client";
import { ApiError, sentenceOf } from "../../api/errors";
import type { Attachment, Choice, Poll, SheetResult } from "../../api/types";
import { Field } from "../../components/Field";
import { Uploads } from "../../components/Uploads";
import { choiceWords, groupedCode, voterNumber } from "../../lib/votes";
import { enterSheet, type SheetEntry, usePollWrite } from "./api";
import { ChoiceKeys } from "./ChoiceKeys";

interface Said {
  key: number;
  text: string;
  good: boolean;
}

/** Paper ballots, entered twice by two people: number, choice, Enter, and the next one. */
export function PaperForm({ poll }: { poll: Poll }) {
  const [no, setNo] = useState("");
  const [choice, setChoice] = useState<Choice>();
  const [proxy, setProxy] = useState("");
  const [list, setList] = useState<Attachment[]>([]);
  const [replacing, setReplacing] = useState(false);
  const [busyFiles, setBusyFiles] = useState(false);
  const [said, setSaid] = useState<Said[]>([]);
  const [problem, setProblem] = useState<string>();
  const number = useRef<InputRef>(null);
  const choices = useRef<{ focus: () => void }>(null);
  // The key belongs to this sheet: an answer that was lost on the way is fetched by sending it again.
  const sent = useRef<{ body: string; header: ReturnType<typeof once> }>(undefined);
  const save = usePollWrite(poll.number, (entry: SheetEntry) => {
    const body = JSON.stringify(entry);
    if (sent.current?.body !== body) {
      sent.current = { body, header: once() };
    }
    return enterSheet(poll.number, entry, sent.current.header);
  });

  const submit = async () => {
    const voter = voterNumber(no);
    if (!voter) {
      setProblem("请输入票号。");
      number.current?.focus();
      return;
    }
    if (!choice) {
      setProblem("请按 1、2 或 3 选择。");
      choices.current?.focus();
      return;
    }
    setProblem(undefined);
    try {
      const result = await save.mutateAsync({
        voter,
        choice,
        ...(proxy.trim() ? { proxy: proxy.trim() } : {}),
        ...(list[0] ? { signed: list[0].id } : {}),
      });
      sent.current = undefined;
      setSaid((old) => [{ key: Date.now(), ...sentence(voter, choice, result) }, ...old].slice(0, 6));
      setNo("");
      setChoice(undefined);
      setProxy("");
      setList([]);
      setReplacing(false);
      number.current?.focus();
    } catch (error) {
      if (!(error instanceof ApiError && error.unknown)) {
        sent.current = undefined;
      }
      if (error instanceof ApiError && error.code === "poll.voted") {
        setReplacing(true);
      }
      setProblem(sentenceOf(error));
    }
  };
  return (
    <section className="panel panel-pad stack" aria-labelledby="paper-title">
      <h2 id="paper-title">录入纸质票</h2>
      <p className="muted" id="paper-hint">
        票号、选择、回车。每张票由两个人各录一遍，一致才计票。
      </p>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        <Field label="票号">
          {(id) => (
            <Input
              id={id}
              ref={number}
              value={no}
              inputMode="numeric"
              autoComplete="off"
              maxLength={60}
              aria-describedby="paper-hint"
              onChange={(e) => setNo(e.target.value)}
              onKeyDown={(e) => {
                // Enter in the number goes on to the choice; in the choice it sends.
                if (e.key === "Enter" && no.trim() && !choice) {
                  e.preventDefault();
                  choices.current?.focus();
                }
              }}
            />
          )}
        </Field>
        <ChoiceKeys name="paper" ref={choices} value={choice} onChange={setChoice} />
        <details open={replacing || undefined}>
          <summary>{poll.proxies > 0 ? "受托代投、以纸质票替代网上票" : "以纸质票替代网上票"}</summary>
          <div className="stack details-body">
            {poll.proxies > 0 && (
              <Field label="受托人（票号或姓名）">
                {(id) => <Input id={id} value={proxy} maxLength={50} onChange={(e) => setProxy(e.target.value)} />}
              </Field>
            )}
            <div>
              <p id="signed-list">签字清单：本人签字确认以纸质票为准的，上传一份</p>
              <Uploads
                value={list}
                onChange={(f) => setList(f.slice(-1))}
                onBusy={setBusyFiles}
                labelledBy="signed-list"
              />
            </div>
          </div>
        </details>
        {problem && <Alert type="warning" showIcon role="alert" title={problem} />}
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={busyFiles}>
          录入
        </Button>
      </form>
      <ul className="said" aria-live="polite" aria-label="刚才录入的">
        {said.map((s) => (
          <li key={s.key} className={s.good ? undefined : "said-bad"}>
            {s.text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function sentence(voter: string, choice: Choice, { sheet, receipt }: SheetResult): { text: string; good: boolean } {
  if (receipt) {
    return {
      text: `${voter} 号两遍一致：${choiceWords[choice]}，已计票，回执 ${groupedCode(receipt.tracker)}`,
      good: true,
    };
  }
  if (sheet.state === "different") {
    return { text: `${voter} 号两遍不一致，没有计票：请两人对照原票，各自重新录入`, good: false };
  }
  return { text: `${voter} 号已录第一遍（${choiceWords[choice]}），等另一人录第二遍`, good: true };
}
