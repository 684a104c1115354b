import { Alert, Radio } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import type { BatchOrder, Remedy } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { ReasonForm } from "../../components/ReasonForm";
import { useFilters } from "../../components/useFilters";
import { Particulars } from "../act/Particulars";
import { useOperates } from "../ops/api";
import { missingInOrder } from "../ops/remedies";
import { useBatchRemedies, useMakeBatch } from "./api";
import { kindOf, type Source, sourceOf } from "./batch";
import { SourceFields } from "./SourceFields";
import "../act/act.css";
import "../ops/ops.css";
import "./batch.css";

/** Which cases, and what is to be done to each. Nothing is done here: what follows is what would happen. */
export function Component() {
  const [search, set] = useFilters();
  const operates = useOperates();
  const source = sourceOf(search);
  const kind = kindOf(source);
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <p className="muted ops-crumb">
            <Link to="/ops">运行监控</Link> / <Link to="/ops/batches">批量处置</Link>
          </p>
          <h1>新建一批</h1>
        </div>
      </div>
      {operates ? (
        <>
          <section className="panel panel-pad stack" aria-labelledby="batch-source">
            <h2 id="batch-source">对哪些办件</h2>
            <SourceFields search={search} set={set} />
            <p className="muted">只选未办结的，一批至多 1000 件。选定以后不增不减。</p>
          </section>
          <section className="panel panel-pad stack" aria-labelledby="batch-order">
            <h2 id="batch-order">怎样处置</h2>
            {source.cases || source.incidents ? (
              <OrderForm key={kind ?? "cases"} source={source} />
            ) : (
              <p className="muted">先选择卡住的事的种类：种类不同，处置的办法不同。</p>
            )}
          </section>
        </>
      ) : (
        <div className="panel">
          <EmptyState title="只有运行监控岗位可以处置" hint="您可以查看已有的各批和它们的结果。" />
        </div>
      )}
    </div>
  );
}

function OrderForm({ source }: { source: Source }) {
  const remedies = useBatchRemedies(kindOf(source));
  return (
    <Loaded query={remedies} rows={4}>
      {(offers) =>
        offers.length === 0 ? (
          <p className="muted">这一种类没有成批的处置，请在运行监控里逐件处置。</p>
        ) : (
          <Order source={source} offers={offers} />
        )
      }
    </Loaded>
  );
}

type Filled = Pick<BatchOrder, "reason" | "target" | "days">;

function Order({ source, offers }: { source: Source; offers: Remedy[] }) {
  const make = useMakeBatch();
  const navigate = useNavigate();
  const [name, setName] = useState<string>();
  const [input, setInput] = useState<Filled>({ reason: "" });
  const remedy = offers.find((o) => o.remedy === name);
  const send = async () => {
    const { target, days } = input;
    const batch = await make.mutateAsync({
      ...source,
      remedy: name as BatchOrder["remedy"],
      reason: input.reason.trim(),
      ...(target && { target }),
      ...(days && { days }),
    });
    navigate(`/ops/batches/${encodeURIComponent(batch.id)}`);
  };
  return (
    <ReasonForm
      className="batch-form"
      id="batch-reason"
      placeholder="会和结果一起记录在案"
      value={input.reason}
      onChange={(reason) => setInput({ ...input, reason })}
      missing={remedy ? missingInOrder(remedy, input) : ["请选择处置的办法"]}
      error={make.error}
      pending={make.isPending}
      submit="选定并预演"
      onSend={send}
      note={<span className="muted">预演不做任何事，只说明每一件将怎样。</span>}
    >
      <Radio.Group
        aria-label="处置的办法"
        value={name}
        onChange={(e) => {
          setName(e.target.value);
          setInput({ reason: input.reason });
        }}
        className="batch-remedies"
        options={offers.map((o) => ({
          value: o.remedy,
          label: (
            <>
              {o.label} <span className="muted">{o.next}</span>
            </>
          ),
        }))}
      />
      {remedy?.second && (
        <Alert type="info" showIcon title="不能撤销，要由另一位同事（运行监控或督查岗位）复核以后才能开始。" />
      )}
      {remedy && <Particulars key={remedy.remedy} needs={remedy.needs} value={input} onChange={setInput} />}
    </ReasonForm>
  );
}
