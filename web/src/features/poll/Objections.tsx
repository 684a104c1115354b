import { Alert, Button, Input, Radio } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/errors";
import type { Board, Objection } from "../../api/types";
import { Field } from "../../components/Field";
import { EmptyState, Loaded } from "../../components/Loaded";
import { moment } from "../../lib/dates";
import { answerObjection, object, useObjections, usePollWrite } from "./api";

type About = "roll" | "result";

const words: Record<About, { title: string; empty: string; hint: string }> = {
  roll: {
    title: "对清册的异议",
    empty: "没有对清册的异议",
    hint: "公示期间有人提出异议，登记后列在这里；全部答复后才能确定清册。",
  },
  result: {
    title: "对结果的异议（询异）",
    empty: "没有对结果的异议",
    hint: "初步统计结果公布后有人询问或提出异议，登记后列在这里。",
  },
};

/** What people say against the roll or the result, and what became of it. */
export function Objections({ board: { poll, may }, about }: { board: Board; about: About }) {
  const query = useObjections(poll.number, about);
  const [adding, setAdding] = useState(false);
  const w = words[about];
  return (
    <section className="panel" aria-labelledby={`objections-${about}`}>
      <div className="row panel-bar">
        <h2 id={`objections-${about}`}>{w.title}</h2>
        {may.objections && !adding && <Button onClick={() => setAdding(true)}>登记异议</Button>}
      </div>
      {adding && <NewObjection number={poll.number} about={about} onDone={() => setAdding(false)} />}
      <Loaded query={query} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={w.empty} hint={w.hint} />
          ) : (
            <ul className="versions">
              {items.map((o) => (
                <Item key={o.id} of={o} number={poll.number} mayAnswer={may.objections} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function Item({ of: o, number, mayAnswer }: { of: Objection; number: string; mayAnswer: boolean }) {
  const [answering, setAnswering] = useState(false);
  return (
    <li className="version">
      <h3>
        {o.who}
        {o.line ? `（${o.line}）` : ""}{" "}
        {o.answered ? (
          <span className="tag tag-grey">{o.upheld ? "采纳" : "不采纳"}</span>
        ) : (
          <span className="tag tag-yellow">待答复</span>
        )}
      </h3>
      <p className="pre">{o.text}</p>
      <p className="muted">{moment(o.at)} 提出</p>
      {o.answered ? (
        <blockquote className="pre">
          {o.answer}
          <span className="muted">
            {"\n"}
            {o.by} {moment(o.answered)} 答复
          </span>
        </blockquote>
      ) : answering ? (
        <Answer id={o.id} number={number} onDone={() => setAnswering(false)} />
      ) : mayAnswer ? (
        <Button onClick={() => setAnswering(true)}>答复</Button>
      ) : (
        <p className="muted">等组织单位答复。</p>
      )}
    </li>
  );
}

function NewObjection({ number, about, onDone }: { number: string; about: About; onDone: () => void }) {
  const [who, setWho] = useState("");
  const [line, setLine] = useState("");
  const [text, setText] = useState("");
  const save = usePollWrite(number, () =>
    object(number, { about, who: who.trim(), text: text.trim(), ...(line.trim() ? { line: line.trim() } : {}) }),
  );
  return (
    <form
      className="panel-form"
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate(undefined, { onSuccess: onDone });
      }}
    >
      <div className="form-pair">
        <Field label="谁提出的">
          {(id) => <Input id={id} value={who} maxLength={50} required onChange={(e) => setWho(e.target.value)} />}
        </Field>
        <Field label="涉及哪一行（可不填）">
          {(id) => (
            <Input
              id={id}
              value={line}
              maxLength={64}
              onChange={(e) => setLine(e.target.value)}
              placeholder="例如 3-1-302"
            />
          )}
        </Field>
      </div>
      <Field label="内容">
        {(id) => (
          <Input.TextArea
            id={id}
            value={text}
            maxLength={2000}
            required
            rows={3}
            onChange={(e) => setText(e.target.value)}
          />
        )}
      </Field>
      {save.error && <Alert type="warning" showIcon title={sentenceOf(save.error)} />}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!who.trim() || !text.trim()}>
          登记
        </Button>
        <Button onClick={onDone}>取消</Button>
      </div>
    </form>
  );
}

function Answer({ id, number, onDone }: { id: string; number: string; onDone: () => void }) {
  const [answer, setAnswer] = useState("");
  const [upheld, setUpheld] = useState<boolean>();
  const save = usePollWrite(number, () =>
    answerObjection(number, id, { answer: answer.trim(), upheld: Boolean(upheld) }),
  );
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate(undefined, { onSuccess: onDone });
      }}
    >
      <Radio.Group
        aria-label="是否采纳"
        value={upheld}
        onChange={(e) => setUpheld(e.target.value)}
        options={[
          { value: true, label: "采纳" },
          { value: false, label: "不采纳" },
        ]}
      />
      <Field label="答复">
        {(id) => (
          <Input.TextArea
            id={id}
            value={answer}
            maxLength={2000}
            rows={3}
            onChange={(e) => setAnswer(e.target.value)}
          />
        )}
      </Field>
      {save.error && <Alert type="warning" showIcon title={sentenceOf(save.error)} />}
      <div className="row">
        <Button
          type="primary"
          htmlType="submit"
          loading={save.isPending}
          disabled={upheld === undefined || !answer.trim()}
        >
          答复
        </Button>
        <Button onClick={onDone}>取消</Button>
      </div>
    </form>
  );
}
