import { Button, Input } from "antd";
import type { ActionOffer } from "../../api/types";
import { opinionLabels, phrases } from "./offers";

interface Props {
  offer: ActionOffer;
  value: string;
  onChange: (text: string) => void;
  required: boolean;
}

export function OpinionBox({ offer, value, onChange, required }: Props) {
  const common = phrases[offer.answer ?? ""] ?? [];
  return (
    <div className="field">
      <label className="field-label" htmlFor="opinion">
        {opinionLabels[offer.action] ?? "说明"}
        {required ? <span className="must">必须填写</span> : <span className="muted">可不填写</span>}
      </label>
      <Input.TextArea
        id="opinion"
        value={value}
        onChange={(e) => onChange(e.target.value)}
        autoSize={{ minRows: 4, maxRows: 12 }}
        maxLength={4000}
        showCount={value.length > 3000}
        required={required}
        placeholder="写明意见和理由，会记入办件经过"
      />
      {common.length > 0 && (
        <fieldset className="phrases" aria-label="常用语">
          <span className="muted">常用语</span>
          {common.map((p) => (
            <Button key={p} size="small" onClick={() => onChange(value ? `${value.trimEnd()}\n${p}` : p)}>
              {p}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
