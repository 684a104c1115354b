import type { Counts } from "../../api/types";

type Due = "today" | "yellow" | "red";

const boxes: { key: Due; label: string; hint: string; of: (c: Counts) => number }[] = [
  { key: "today", label: "今天到期", hint: "期限在今天 24 时届满", of: (c) => c.today },
  { key: "yellow", label: "黄牌", hint: "距期限不足 1 个工作日", of: (c) => c.yellow },
  { key: "red", label: "红牌", hint: "已超过期限", of: (c) => c.red },
];

/** The three numbers that matter, each a filter of the list below. */
export function DueCounts({
  counts,
  chosen,
  onChoose,
}: {
  counts: Counts;
  chosen?: Due;
  onChoose: (due?: Due) => void;
}) {
  return (
    <ul className="due-counts" aria-label="按紧急程度筛选待办">
      {boxes.map((b) => {
        const n = b.of(counts);
        return (
          <li key={b.key}>
            <button
              type="button"
              className={`due-count due-count-${n > 0 ? b.key : "none"}`}
              aria-pressed={chosen === b.key}
              onClick={() => onChoose(chosen === b.key ? undefined : b.key)}
            >
              <span className="due-count-n num">{n}</span>
              <span className="due-count-text">
                <span className="due-count-label">{b.label}</span>
                <span className="due-count-hint">{chosen === b.key ? "已筛选，再按一次取消" : b.hint}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
