import { Alert, Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { sentenceOf } from "../../api/errors";
import type { Proposal, RemedyResult } from "../../api/types";
import { useMe } from "../../app/session";
import { ReasonForm } from "../../components/ReasonForm";
import { moment } from "../../lib/dates";
import { useConfirms, useDecide, useProposals } from "./api";
import { Outcome } from "./Remedies";

/** Remedies that cannot be undone and wait for a second person. */
export function Proposals() {
  const query = useProposals();
  const [result, setResult] = useState<RemedyResult>();
  const list = query.data ?? [];
  if (query.error) {
    return <Alert type="warning" showIcon title={`没有取到待确认的处置：${sentenceOf(query.error)}`} />;
  }
  if (list.length === 0 && !result) {
    return null;
  }
  return (
    <section className="panel panel-pad stack" aria-labelledby="ops-proposals">
      <h2 id="ops-proposals">
        待复核的处置 {list.length > 0 && <span className="count">{list.length} 件</span>}
      </h2>
      {result && <Outcome of={result} />}
      <ul className="ops-proposals">
        {list.map((p) => (
          <ProposalLine key={p.id} of={p} onDone={setResult} />
        ))}
      </ul>
    </section>
  );
}

function ProposalLine({ of, onDone }: { of: Proposal; onDone: (result: RemedyResult | undefined) => void }) {
  const me = useMe();
  const confirms = useConfirms();
  const [answer, setAnswer] = useState<boolean>();
  const own = of.by === me.user.id;
  return (
    <li className="stack">
      <p>
        <strong>{of.label}</strong>
        {of.details && `（${of.details}）`}：{of.sentence}
      </p>
      <p className="task-meta">
        <span>
          {of.by_name} 于 {moment(of.at)} 提出
        </span>
        <span>理由：{of.reason}</span>
        <span>
          办件：
          {of.cases.map((c, i) => (
            <span key={`${c.number}/${c.task ?? ""}`}>
              {i > 0 && "、"}
              <Link to={`/cases/${encodeURIComponent(c.number)}`} className="num nowrap">
                {c.number}
              </Link>
            </span>
          ))}
        </span>
      </p>
      {confirms &&
        (own ? (
          <p className="muted">您提出的处置要由另一位同事（运行监控或督查岗位）复核。</p>
        ) : (
          <div className="row">
            <Button danger aria-expanded={answer === true} onClick={() => setAnswer(true)}>
              同意并执行
            </Button>
            <Button aria-expanded={answer === false} onClick={() => setAnswer(false)}>
              不同意
            </Button>
          </div>
        ))}
      {answer !== undefined && (
        <DecideForm key={String(answer)} id={of.id} yes={answer} onCancel={() => setAnswer(undefined)} onDone={onDone} />
      )}
    </li>
  );
}

interface FormProps {
  id: string;
  yes: boolean;
  onCancel: () => void;
  onDone: (result: RemedyResult | undefined) => void;
}

function DecideForm({ id, yes, onCancel, onDone }: FormProps) {
  const decide = useDecide(id);
  const [reason, setReason] = useState("");
  return (
    <ReasonForm
      id={`decide-${id}`}
      value={reason}
      onChange={setReason}
      missing={reason.trim() ? [] : ["请填写理由"]}
      error={decide.error}
      pending={decide.isPending}
      submit={yes ? "同意并执行" : "不同意，不执行"}
      danger={yes}
      onSend={async () => onDone(await decide.mutateAsync({ yes, reason: reason.trim() }))}
      onCancel={onCancel}
    />
  );
}
