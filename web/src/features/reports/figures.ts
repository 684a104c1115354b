import type { Figures, KindFigures, StageFigures } from "../../api/types";
import { addDays, type Day, daysBetween } from "../../lib/dates";

export interface Period {
  from: Day;
  to: Day;
  title: string;
}

const two = (n: number) => String(n).padStart(2, "0");

/** The period of some months that ends before a month (1 to 12 of a year, or beyond). */
function months(year: number, month: number, n: number, title: (year: number, month: number) => string): Period {
  const from = new Date(Date.UTC(year, month - 1, 1));
  const after = new Date(Date.UTC(year, month - 1 + n, 1));
  const day = (d: Date) => `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
  return { from: day(from), to: addDays(day(after), -1), title: title(from.getUTCFullYear(), from.getUTCMonth() + 1) };
}

const numerals = ["一", "二", "三", "四"];

/** The last five quarters, the current one first. */
export function quarters(today: Day): Period[] {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  const first = Math.floor((month - 1) / 3) * 3 + 1;
  return [0, 1, 2, 3, 4].map((n) => months(year, first - 3 * n, 3, (y, m) => `${y} 年第${numerals[(m - 1) / 3]}季度`));
}

/** The last six months, the current one first. */
export function recentMonths(today: Day): Period[] {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  return [0, 1, 2, 3, 4, 5].map((n) => months(year, month - n, 1, (y, m) => `${y} 年 ${m} 月`));
}

/** A period is of days that exist, in order, and not longer than a year. */
export function isPeriod(from: string | null, to: string | null): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/;
  if (!from || !to || !day.test(from) || !day.test(to)) {
    return false;
  }
  const days = daysBetween(from, to);
  return days >= 0 && days < 366;
}

/** 3/20（15%）: the fraction first. A dash when there is no whole. */
export function share(part: number, whole: number, percent: number): string {
  return whole === 0 ? "—" : `${part}/${whole}（${percent}%）`;
}

/** 红 1 黄 2. */
export function cards(f: Figures): string {
  return [f.red ? `红 ${f.red}` : "", f.yellow ? `黄 ${f.yellow}` : ""].filter(Boolean).join(" ") || "—";
}

export type Heat = "none" | "unlimited" | "cool" | "warm" | "hot" | "over";

/** How much of its own period a stage takes in the median. */
export function heatOf(s: StageFigures): Heat {
  if (s.figures.count === 0) {
    return "none";
  }
  if (!s.limit_days) {
    return "unlimited";
  }
  const used = s.figures.median * 100;
  if (used <= s.limit_days * 50) {
    return "cool";
  }
  if (used <= s.limit_days * 80) {
    return "warm";
  }
  return used <= s.limit_days * 100 ? "hot" : "over";
}

export const heatWords: Record<Heat, string> = {
  none: "期内没有办结",
  unlimited: "没有按工作日计的期限",
  cool: "用到期限的一半以内",
  warm: "用到一半至八成",
  hot: "用到八成以上",
  over: "超过期限",
};

/** The stages by segment, in the order of the procedure. A stage of a segment that the procedure does not name comes last. */
export function bySegment(k: KindFigures): { title: string; stages: StageFigures[] }[] {
  const titles = [...new Set([...k.segments, ...k.stages.map((s) => s.segment)])];
  return titles
    .map((title) => ({ title, stages: k.stages.filter((s) => s.segment === title) }))
    .filter((s) => s.stages.length > 0);
}

/** The answer of the page in one sentence. */
export function summary(f: Figures, overdueNow: number): string {
  const now = overdueNow > 0 ? `此刻还有 ${overdueNow} 件超期未办。` : "此刻没有超期未办的。";
  if (f.count === 0) {
    return `期内没有办结的待办，${now}`;
  }
  const late = f.dated > 0 ? `超期 ${share(f.late, f.dated, f.late_percent)}` : "都没有期限";
  const returned = `退回 ${share(f.returned, f.count, f.returned_percent)}`;
  return `办结 ${f.count} 件：中位数 ${f.median} 个工作日，九成在 ${f.p90} 个工作日以内；${late}，${returned}；红牌 ${f.red} 件，黄牌 ${f.yellow} 件。${now}`;
}
