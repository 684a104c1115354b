import { InputNumber, Radio, Select } from "antd";
import type { ActionOffer } from "../../api/types";
import { useToday } from "../../app/now";
import { addDays, shortDay } from "../../lib/dates";
import { TargetSelect } from "./TargetSelect";
import type { ActInput } from "./useAct";

/** What of an order is asked for here. */
type Chosen = Pick<ActInput, "target" | "return_to" | "mode" | "ground" | "removed" | "notice" | "days">;

interface Props<T extends Chosen> {
  needs: ActionOffer["needs"];
  value: T;
  onChange: (value: T) => void;
}

/** What an action asks for besides an opinion: to whom, back to where, on what ground, whom to remove. */
export function Particulars<T extends Chosen>({ needs, value, onChange }: Props<T>) {
  return (
    <>
      {needs.target && <TargetSelect value={value.target} onChange={(target) => onChange({ ...value, target })} />}
      {needs.return_to && needs.return_to.length > 0 && (
        <>
          <div className="field">
            <label className="field-label" htmlFor="return-to">
              退回到 <span className="must">必须选择</span>
            </label>
            <Select
              id="return-to"
              placeholder="选择前面的环节"
              value={value.return_to}
              onChange={(return_to) => onChange({ ...value, return_to })}
              options={needs.return_to.map((s) => ({ value: s.stage, label: s.title }))}
            />
          </div>
          <div className="field">
            <p className="field-label" id="return-mode">
              退回之后 <span className="must">必须选择</span>
            </p>
            <Radio.Group
              aria-labelledby="return-mode"
              value={value.mode}
              onChange={(e) => onChange({ ...value, mode: e.target.value })}
              vertical
              options={[
                { value: "rerun", label: "重走：其后的每个环节重新办理一遍" },
                { value: "straight", label: "直达：补办后直接回到这个环节" },
              ]}
            />
          </div>
        </>
      )}
      {needs.ground && needs.ground.length > 0 && (
        <div className="field">
          <label className="field-label" htmlFor="ground">
            事由 <span className="must">必须选择</span>
          </label>
          <Select
            id="ground"
            placeholder="选择暂停时钟的事由"
            value={value.ground}
            onChange={(ground) => onChange({ ...value, ground })}
            options={needs.ground.map((g) => ({ value: g.ground, label: g.title }))}
          />
        </div>
      )}
      {needs.notice && needs.notice.length > 0 && (
        <div className="field">
          <label className="field-label" htmlFor="notice">
            公告 <span className="must">必须选择</span>
          </label>
          <Select
            id="notice"
            placeholder="选择要补公示的公告"
            value={value.notice}
            onChange={(notice) => onChange({ ...value, notice })}
            options={needs.notice.map((n) => ({ value: n.notice, label: `${n.title}，原公示至 ${shortDay(n.until)}` }))}
          />
        </div>
      )}
      {needs.days && (
        <div className="field">
          <label className="field-label" htmlFor="days">
            {needs.notice ? "公示天数" : "延长"} <span className="must">必须填写</span>
          </label>
          <InputNumber
            id="days"
            min={needs.least ?? 1}
            max={needs.days}
            precision={0}
            value={value.days}
            onChange={(days) => onChange({ ...value, days: days ?? undefined })}
            addonAfter={needs.period?.replace(/^\d+ /, "")}
          />
          <p className="muted">
            {needs.notice ? <Display needs={needs} days={value.days} /> : extension(needs.period)}
          </p>
        </div>
      )}
      {needs.removable && needs.removable.length > 0 && (
        <div className="field">
          <label className="field-label" htmlFor="removed">
            减去 <span className="must">必须选择</span>
          </label>
          <Select
            id="removed"
            placeholder="选择尚未办理的加签人"
            value={value.removed}
            onChange={(removed) => onChange({ ...value, removed })}
            options={needs.removable.map((t) => ({ value: t.task, label: t.title }))}
          />
        </div>
      )}
    </>
  );
}

/** Until when so many days are, and how many there may be. */
function Display({ needs: { least, period }, days }: { needs: ActionOffer["needs"]; days?: number }) {
  const today = useToday();
  return (
    <>
      {days && <strong>公示至 {shortDay(addDays(today, days), today.slice(0, 4))}。</strong>}
      从今天起，公示当日不计，{least && `规则规定至少 ${least} 日，`}最多 {period}。
    </>
  );
}

function extension(period: string | undefined): string {
  return `${period ? `原期限 ${period}，最多再加一倍，` : "单位与各件的原期限相同，"}只能延长一次。`;
}
