import { Alert, App, Button, Input } from "antd";
import { useRef, useState } from "react";
import { once } from "../../api/client";
import { ApiError, sentenceOf } from "../../api/errors";
import type { Attachment, Choice, Poll } from "../../api/types";
import { Field } from "../../components/Field";
import { Uploads } from "../../components/Uploads";
import { choiceWords, groupedCode, voterNumber } from "../../lib/votes";
import { type DoorEntry, enterDoor, usePollWrite } from "./api";
import { ChoiceKeys } from "./ChoiceKeys";

/** A ballot taken at the door: a photo of the signed sheet, and a witness. */
export function DoorForm({ poll }: { poll: Poll }) {
  const { message } = App.useApp();
  const [no, setNo] = useState("");
  const [choice, setChoice] = useState<Choice>();
  const [witness, setWitness] = useState("");
  const [proxy, setProxy] = useState("");
  const [photos, setPhotos] = useState<Attachment[]>([]);
  const [busyFiles, setBusyFiles] = useState(false);
  const [problem, setProblem] = useState<string>();
  const sent = useRef<{ body: string; header: ReturnType<typeof once> }>(undefined);
  const save = usePollWrite(poll.number, (entry: DoorEntry) => {
    const body = JSON.stringify(entry);
    if (sent.current?.body !== body) {
      sent.current = { body, header: once() };
    }
    return enterDoor(poll.number, entry, sent.current.header);
  });

  const submit = async () => {
    const voter = voterNumber(no);
    const missing = [
      !voter && "票号",
      !choice && "选择",
      photos.length === 0 && "签名表决票的照片",
      !witness.trim() && "见证人",
    ].filter(Boolean);
    if (missing.length > 0 || !choice) {
      setProblem(`还缺：${missing.join("、")}。`);
      return;
    }
    setProblem(undefined);
    try {
      const receipt = await save.mutateAsync({
        voter,
        choice,
        files: photos.map((f) => f.id),
        witness: witness.trim(),
        ...(proxy.trim() ? { proxy: proxy.trim() } : {}),
      });
      sent.current = undefined;
      message.success(`${voter} 号（${choiceWords[choice]}）已计票，回执 ${groupedCode(receipt.tracker)}`, 6);
      setNo("");
      setChoice(undefined);
      setProxy("");
      setPhotos([]);
    } catch (error) {
      if (!(error instanceof ApiError && error.unknown)) {
        sent.current = undefined;
      }
      setProblem(sentenceOf(error));
    }
  };
  return (
    <section className="panel panel-pad stack" aria-labelledby="door-title">
      <h2 id="door-title">入户表决</h2>
      <p className="muted">两人上门，拍下签名的表决票，当场录入。见证人不能是录入人自己。</p>
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
              value={no}
              inputMode="numeric"
              autoComplete="off"
              maxLength={60}
              onChange={(e) => setNo(e.target.value)}
            />
          )}
        </Field>
        <ChoiceKeys name="door" value={choice} onChange={setChoice} />
        <Field label="见证人">
          {(id) => <Input id={id} value={witness} maxLength={50} onChange={(e) => setWitness(e.target.value)} />}
        </Field>
        {poll.proxies > 0 && (
          <Field label="受托人（票号或姓名，本人表决的不填）">
            {(id) => <Input id={id} value={proxy} maxLength={50} onChange={(e) => setProxy(e.target.value)} />}
          </Field>
        )}
        <div>
          <p id="door-photo">签名表决票的照片</p>
          <Uploads value={photos} onChange={setPhotos} onBusy={setBusyFiles} labelledBy="door-photo" />
        </div>
        {problem && <Alert type="warning" showIcon role="alert" title={problem} />}
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={busyFiles}>
          录入并计票
        </Button>
      </form>
    </section>
  );
}
