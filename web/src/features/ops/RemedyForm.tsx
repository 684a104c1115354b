import { Alert, Checkbox } from "antd";
import { useState } from "react";
import type { Affected, Attachment, Incident, Remedy, RemedyResult } from "../../api/types";
import { ReasonForm } from "../../components/ReasonForm";
import { Uploads } from "../../components/Uploads";
import { givenBy } from "../act/offers";
import { Particulars } from "../act/Particulars";
import { useRemedy } from "./api";
import { missingInOrder, type OrderInput } from "./remedies";
import "../act/act.css";

interface Props {
  remedy: Remedy;
  incident: Incident;
  cases: Affected[];
  onCancel: () => void;
  onDone: (result: RemedyResult) => void;
}

/** A remedy with its compulsory reason, and with what else it needs. */
export function RemedyForm({ remedy, incident, cases, onCancel, onDone }: Props) {
  const run = useRemedy(incident);
  const [order, setOrder] = useState<OrderInput>(() => ({ reason: "", ...givenBy(remedy) }));
  const [files, setFiles] = useState<Attachment[]>([]);
  const [uploading, setUploading] = useState(false);
  const { needs } = remedy;
  const change = (part: Partial<OrderInput>) => setOrder((old) => ({ ...old, ...part }));
  return (
    <ReasonForm
      id="remedy-reason"
      placeholder="会和结果一起记录在案"
      value={order.reason}
      onChange={(reason) => change({ reason })}
      missing={[...missingInOrder(remedy, order), ...(uploading ? ["附件还在上传"] : [])]}
      error={run.error}
      pending={run.isPending}
      submit={remedy.second ? `提交复核：${remedy.label}` : remedy.label}
      danger={remedy.second}
      onSend={async () => onDone(await run.mutateAsync({ remedy, order: { ...order, reason: order.reason.trim() } }))}
      onCancel={onCancel}
    >
      {remedy.next && <p className="act-next">{remedy.next}</p>}
      {remedy.second && (
        <Alert type="info" showIcon title="不能撤销，要由另一位同事（运行监控或督查岗位）复核以后才执行。" />
      )}
      {/* Only a short list can be ticked off; a long one is a matter for a batch. */}
      {cases.length > 1 && cases.length === incident.count && (
        <CaseChoice cases={cases} value={order.cases} onChange={(chosen) => change({ cases: chosen })} />
      )}
      <Particulars needs={needs} value={order} onChange={setOrder} />
      {needs.attachment && (
        <div className="field">
          <p className="field-label" id="remedy-files">
            附件 <span className="must">必须上传</span>
          </p>
          <Uploads
            value={files}
            onChange={(list) => {
              setFiles(list);
              change({ files: list.map((f) => f.id) });
            }}
            onBusy={setUploading}
            labelledBy="remedy-files"
          />
        </div>
      )}
    </ReasonForm>
  );
}

interface ChoiceProps {
  cases: Affected[];
  value?: string[];
  onChange: (cases: string[] | undefined) => void;
}

/** All cases, unless some are unticked. */
function CaseChoice({ cases, value, onChange }: ChoiceProps) {
  const numbers = [...new Set(cases.map((c) => c.number))];
  const titles = new Map(cases.map((c) => [c.number, c.title]));
  return (
    <fieldset className="field ops-cases">
      <legend className="field-label">对哪些办件</legend>
      <Checkbox.Group
        value={value ?? numbers}
        onChange={(chosen) => onChange(chosen.length === numbers.length ? undefined : (chosen as string[]))}
        options={numbers.map((n) => ({ value: n, label: `${n} ${titles.get(n) ?? ""}` }))}
      />
    </fieldset>
  );
}
