import { Alert, Button, Input, type InputRef } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { once } from "../../api/client";
import { ApiError, sentenceOf } from "../../api/errors";
import type { Attachment, Choice, Poll } from "../../api/types";
import { Field } from "../../components/Field";
import { Uploads } from "../../components/Uploads";
import { voterNumber } from "../../lib/votes";
import { usePollWrite } from "./api";
import { ChoiceKeys } from "./ChoiceKeys";

/** What every ballot has that comes in by hand. */
export interface Entry {
  voter: string;
  choice: Choice;
  files: string[];
  proxy?: string;
  signed?: string;
}

export interface Said {
  text: string;
  good: boolean;
}

interface Props<R> {
  poll: Poll;
  name: string;
  title: string;
  hint: string;
  action: string;
  /** What this way of voting still needs, in words. */
  missing: string[];
  /** Files of its own are on the way. */
  busy?: boolean;
  send: (entry: Entry, header: ReturnType<typeof once>) => Promise<R>;
  /** What became of an entry. The next one begins. */
  done: (entry: Entry, result: R) => Said;
  children?: ReactNode;
}

/**
 * Ballots on paper, one after the other: number, choice, Enter. What only one way of voting asks for stands between, as
 * children.
 */
export function EntryForm<R>({ poll, name, title, hint, action, missing, busy, send, done, children }: Props<R>) {
  const [no, setNo] = useState("");
  const [choice, setChoice] = useState<Choice>();
  const [proxy, setProxy] = useState("");
  const [mandate, setMandate] = useState<Attachment[]>([]);
  const [list, setList] = useState<Attachment[]>([]);
  const [replacing, setReplacing] = useState(false);
  const [busyMandate, setBusyMandate] = useState(false);
  const [busyList, setBusyList] = useState(false);
  const [said, setSaid] = useState<(Said & { key: number })[]>([]);
  const [problem, setProblem] = useState<string>();
  const number = useRef<InputRef>(null);
  const choices = useRef<{ focus: () => void }>(null);
  // The key belongs to this entry: an answer that was lost on the way is fetched by sending it again.
  const sent = useRef<{ body: string; header: ReturnType<typeof once> }>(undefined);
  const save = usePollWrite(poll.number, (entry: Entry) => {
    const body = JSON.stringify(entry);
    if (sent.current?.body !== body) {
      sent.current = { body, header: once() };
    }
    return send(entry, sent.current.header);
  });

  const submit = async () => {
    const voter = voterNumber(no);
    const wanting = [!voter && "票号", !choice && "选择（按 1、2 或 3）", ...missing].filter(Boolean);
    if (wanting.length > 0 || !choice) {
      setProblem(`还缺：${wanting.join("、")}。`);
      if (!voter) {
        number.current?.focus();
      } else if (!choice) {
        choices.current?.focus();
      }
      return;
    }
    setProblem(undefined);
    const entry: Entry = {
      voter,
      choice,
      files: mandate.map((f) => f.id),
      ...(proxy.trim() ? { proxy: proxy.trim() } : {}),
      ...(list[0] ? { signed: list[0].id } : {}),
    };
    try {
      const result = await save.mutateAsync(entry);
      sent.current = undefined;
      const words = done(entry, result);
      setSaid((old) => [{ key: Date.now(), ...words }, ...old].slice(0, 6));
      setNo("");
      setChoice(undefined);
      setProxy("");
      setMandate([]);
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
    <section className="panel panel-pad stack" aria-labelledby={`${name}-title`}>
      <h2 id={`${name}-title`}>{title}</h2>
      <p className="muted" id={`${name}-hint`}>
        {hint}
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
              aria-describedby={`${name}-hint`}
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
        <ChoiceKeys name={name} ref={choices} value={choice} onChange={setChoice} />
        {children}
        {poll.proxies > 0 && (
          <details open={proxy.trim() || mandate.length > 0 ? true : undefined}>
            <summary>受托代投</summary>
            <div className="stack details-body">
              <Field label={`受托人（票号或姓名），一人最多代 ${poll.proxies} 票`}>
                {(id) => <Input id={id} value={proxy} maxLength={50} onChange={(e) => setProxy(e.target.value)} />}
              </Field>
              <div>
                <p id={`${name}-mandate`}>委托书</p>
                <Uploads value={mandate} onChange={setMandate} onBusy={setBusyMandate} labelledBy={`${name}-mandate`} />
              </div>
            </div>
          </details>
        )}
        <details open={replacing || list.length > 0 ? true : undefined}>
          <summary>以纸质票替代网上票</summary>
          <div className="details-body">
            <p id={`${name}-list`}>签字清单：本人签字确认以纸质票为准的，上传一份</p>
            <Uploads
              value={list}
              onChange={(f) => setList(f.slice(-1))}
              onBusy={setBusyList}
              labelledBy={`${name}-list`}
            />
          </div>
        </details>
        {problem && <Alert type="warning" showIcon role="alert" title={problem} />}
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={busy || busyMandate || busyList}>
          {action}
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
