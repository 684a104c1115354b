import { App, Button } from "antd";
import { useState } from "react";
import type { Incident } from "../../api/types";
import { ReasonForm } from "../../components/ReasonForm";
import { UserSelect } from "../../components/UserSelect";
import { type Deed, useDeed } from "./api";

type What = Deed["what"];

const words: Record<What, { label: string; field: string; done: string }> = {
  acknowledge: { label: "知悉", field: "说明", done: "已登记知悉" },
  assign: { label: "指派", field: "说明", done: "已指派" },
  comment: { label: "备注", field: "备注", done: "备注已记下" },
  resolve: { label: "人工关闭", field: "关闭的理由", done: "已关闭" },
};

/** What is done about the incident itself: who has it, what was found out. Its cases are not touched. */
export function Deeds({ incident }: { incident: Incident }) {
  const [open, setOpen] = useState<What>();
  const { may } = incident;
  const offers: [What, boolean][] = [
    ["acknowledge", may.acknowledge],
    ["assign", may.assign],
    ["comment", may.comment],
    ["resolve", may.resolve],
  ];
  const allowed = offers.filter(([, yes]) => yes).map(([what]) => what);
  if (allowed.length === 0) {
    return null;
  }
  return (
    <section className="stack" aria-labelledby="incident-deeds">
      <h2 id="incident-deeds">登记</h2>
      <div className="row">
        {allowed.map((what) => (
          <Button
            key={what}
            danger={what === "resolve"}
            aria-expanded={open === what}
            onClick={() => setOpen(open === what ? undefined : what)}
          >
            {words[what].label}
          </Button>
        ))}
      </div>
      {open && allowed.includes(open) && (
        <DeedForm key={open} what={open} incident={incident} onDone={() => setOpen(undefined)} />
      )}
    </section>
  );
}

function DeedForm({ what, incident, onDone }: { what: What; incident: Incident; onDone: () => void }) {
  const deed = useDeed(incident);
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const [user, setUser] = useState<string>();
  const must = what === "comment" || what === "resolve";
  const missing = [
    ...(what === "assign" && !user ? ["请选择指派给谁"] : []),
    ...(must && !text.trim() ? [`请填写${words[what].field}`] : []),
  ];
  const send = async () => {
    await deed.mutateAsync(what === "assign" ? { what, user: user ?? "", text: text.trim() } : { what, text: text.trim() });
    message.success(words[what].done);
    onDone();
  };
  return (
    <ReasonForm
      id="deed-text"
      label={words[what].field}
      optional={!must}
      value={text}
      onChange={setText}
      missing={missing}
      error={deed.error}
      pending={deed.isPending}
      submit={words[what].label}
      danger={what === "resolve"}
      onSend={send}
      onCancel={onDone}
    >
      {what === "assign" && (
        <div className="field">
          <label className="field-label" htmlFor="deed-user">
            指派给 <span className="must">必须选择</span>
          </label>
          <UserSelect id="deed-user" value={user} onChange={setUser} />
        </div>
      )}
      {what === "resolve" && (
        <p className="muted">原因还在时，关闭后不再提醒，直到它影响更多办件，或者消失后再次出现。</p>
      )}
    </ReasonForm>
  );
}
