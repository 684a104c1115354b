import { Alert, Button, Checkbox, Input } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/errors";
import type { Affected, Attachment, Incident, Remedy, RemedyResult } from "../../api/types";
import { Uploads } from "../../components/Uploads";
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
  const [order, setOrder] = useState<OrderInput>({ reason: "" });
  const [tried, setTried] = useState(false);
  const [files, setFiles] = useState<Attachment[]>([]);
  const [uploading, setUploading] = useState(false);
  const missing = missingInOrder(remedy, order);
  const { needs } = remedy;
  const change = (part: Partial<OrderInput>) => setOrder((old) => ({ ...old, ...part }));
  const send = async () => {
    setTried(true);
    if (missing.length > 0 || uploading) {
      return;
    }
    try {
      onDone(await run.mutateAsync({ remedy, order: { ...order, reason: order.reason.trim() } }));
    } catch {
      // The alert below says what happened; what was filled in stays.
    }
  };
  return (
    <form
      className="ops-form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
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
      <div className="field">
        <label className="field-label" htmlFor="remedy-reason">
          理由 <span className="must">必须填写</span>
        </label>
        <Input.TextArea
          id="remedy-reason"
          value={order.reason}
          onChange={(e) => change({ reason: e.target.value })}
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={500}
          placeholder="会记入办件的经过"
        />
      </div>
      {run.error && <Alert type="warning" showIcon title={sentenceOf(run.error)} />}
      {tried && missing.length > 0 && <Alert type="warning" showIcon title={missing.join("；")} />}
      <div className="row">
        <Button type="primary" danger={remedy.second} htmlType="submit" loading={run.isPending}>
          {remedy.second ? `提交复核：${remedy.label}` : remedy.label}
        </Button>
        <Button onClick={onCancel}>取消</Button>
      </div>
    </form>
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
