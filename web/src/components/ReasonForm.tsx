import { Alert, Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { sentenceOf } from "../api/errors";

interface Props {
  /** Of the text. */
  id: string;
  label?: string;
  optional?: boolean;
  placeholder?: string;
  value: string;
  onChange: (text: string) => void;
  /** What has to be filled in before it can be sent, as sentences. */
  missing: string[];
  error: Error | null;
  pending: boolean;
  submit: string;
  danger?: boolean;
  onSend: () => Promise<unknown>;
  onCancel?: () => void;
  /** Beside the button. */
  note?: ReactNode;
  className?: string;
  /** Above the text. */
  children?: ReactNode;
}

/** Something that needs a reason: what is missing is said when one tries, and what was filled in stays when it is refused. */
export function ReasonForm({ label = "理由", optional, className = "ops-form", ...p }: Props) {
  const [tried, setTried] = useState(false);
  const send = async () => {
    setTried(true);
    if (p.missing.length > 0) {
      return;
    }
    try {
      await p.onSend();
    } catch {
      // The alert below says what happened.
    }
  };
  return (
    <form
      className={className}
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      {p.children}
      <div className="field">
        <label className="field-label" htmlFor={p.id}>
          {label} {optional ? <span className="muted">可不填写</span> : <span className="must">必须填写</span>}
        </label>
        <Input.TextArea
          id={p.id}
          value={p.value}
          onChange={(e) => p.onChange(e.target.value)}
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={500}
          placeholder={p.placeholder}
        />
      </div>
      {p.error && <Alert type="warning" showIcon title={sentenceOf(p.error)} />}
      {tried && p.missing.length > 0 && <Alert type="warning" showIcon title={p.missing.join("；")} />}
      <div className="row">
        <Button type="primary" danger={p.danger} htmlType="submit" loading={p.pending}>
          {p.submit}
        </Button>
        {p.onCancel && <Button onClick={p.onCancel}>取消</Button>}
        {p.note}
      </div>
    </form>
  );
}
