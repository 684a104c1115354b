import { CheckOutlined, MinusOutlined } from "@ant-design/icons";
import type { CaseDetail } from "../../api/types";
import { shortDay, dayOf } from "../../lib/dates";
import { type Segment, segmentsOf } from "../../lib/stages";

const words: Record<Segment["state"], string> = {
  done: "已完成",
  now: "进行中",
  ahead: "未开始",
  skipped: "未经过",
  ended: "到此结束",
};

/** The stage bar: where the case is, and how many rounds each part has seen. */
export function StageBar({ detail }: { detail: CaseDetail }) {
  const segments = segmentsOf(
    detail.procedure.stages,
    detail.stages,
    detail.case.segment,
    !detail.case.closed_at ? "" : detail.case.state === "completed" ? "carried" : "cut",
  );
  return (
    <ol className="stage-bar" aria-label="办理环节">
      {segments.map((s, i) => (
        <li
          key={s.title}
          className={`segment segment-${s.state}`}
          aria-current={s.state === "now" ? "step" : undefined}
        >
          <span className="segment-dot" aria-hidden>
            {s.state === "done" ? <CheckOutlined /> : s.state === "ended" ? <MinusOutlined /> : i + 1}
          </span>
          <span className="segment-title">
            {s.title}
            {s.rounds > 1 && <span className="tag tag-grey">第 {s.rounds} 轮</span>}
          </span>
          <span className="segment-note">{noteOf(s)}</span>
        </li>
      ))}
    </ol>
  );
}

function noteOf(s: Segment): string {
  const last = s.stages.at(-1);
  if (!last) {
    return words[s.state];
  }
  if (s.state === "now") {
    const names = [...new Set(s.stages.filter((r) => !r.left).map((r) => r.title))];
    return names.length > 0 ? names.join("、") : words.now;
  }
  if (!last.left) {
    return words[s.state];
  }
  // Stages side by side all say how they ended.
  const beside = s.stages.filter((r) => r.round === last.round && r.left && r.text);
  const texts = beside.map((r) => (beside.length > 1 ? `${r.title}：${r.text}` : r.text));
  return [shortDay(dayOf(last.left)), texts.join("；")].filter(Boolean).join(" ");
}
