import type { DueBoard, DueCell, DueUnit } from "../../api/types";
import { type Day, shortDay } from "../../lib/dates";

export interface Column {
  /** A day, or overdue, later, paused, undated. */
  key: string;
  /** Two short lines of the heading. */
  title: string;
  note: string;
  off: boolean;
  /** Nobody has anything there: a narrow screen leaves it out. */
  empty: boolean;
}

/** The columns in the order of time: what is over, the days, what comes later, what has no date now. */
export function columnsOf(board: DueBoard): Column[] {
  const used = (key: string) => board.total.cells.some((c) => c.column === key);
  const plain = (key: string, title: string, note: string, off = false) => ({ key, title, note, off, empty: !used(key) });
  return [
    plain("overdue", "已超期", "未办"),
    ...board.days.map((d) => plain(d.day, dayTitle(d.day, board.today), weekday(d.day, d.off), d.off)),
    plain("later", "更晚", `${monthDay(board.days.at(-1)?.day)}后`),
    ...(used("paused") ? [plain("paused", "暂停", "时钟停着")] : []),
    ...(used("undated") ? [plain("undated", "无期限", "")] : []),
  ];
}

const monthDay = (day: Day | undefined) => (day ? `${Number(day.slice(5, 7))}/${Number(day.slice(8))}` : "");

function dayTitle(day: Day, today: Day): string {
  return day === today ? "今天" : monthDay(day);
}

/** 周一, or that nobody works. */
function weekday(day: Day, off: boolean): string {
  const name = shortDay(day).match(/（(.*)）/)?.[1] ?? "";
  return off ? `${name} 休` : name;
}

/** What a column means in full, for a heading and a screen reader. */
export function columnWords(column: string): string {
  switch (column) {
    case "overdue":
      return "已超期未办";
    case "later":
      return "更晚到期";
    case "paused":
      return "时钟暂停";
    case "undated":
      return "没有期限";
  }
  return `${shortDay(column)}到期`;
}

export function cellOf(unit: DueUnit, column: string): DueCell | undefined {
  return unit.cells.find((c) => c.column === column);
}

/** 3 件，其中黄牌 2 件. */
export function cellWords(c: DueCell): string {
  const cards = [c.red ? `红牌 ${c.red} 件` : "", c.yellow ? `黄牌 ${c.yellow} 件` : ""].filter(Boolean);
  return [`${c.count} 件`, cards.length > 0 ? `其中${cards.join("、")}` : ""].filter(Boolean).join("，");
}

/** The answer of the page in one sentence. */
export function boardWords(board: DueBoard): string {
  const n = (column: string) => cellOf(board.total, column)?.count ?? 0;
  const days = board.days.reduce((sum, d) => sum + n(d.day), 0);
  const late = n("overdue") > 0 ? `已超期未办 ${n("overdue")} 件` : "没有超期未办的";
  const rest = [n("paused") > 0 ? `时钟暂停 ${n("paused")} 件` : "", n("later") > 0 ? `更晚到期 ${n("later")} 件` : ""].filter(Boolean);
  return `今天起 ${board.days.length - 1} 天内到期 ${days} 件（今天 ${n(board.today)} 件），${[late, ...rest].join("，")}。`;
}
