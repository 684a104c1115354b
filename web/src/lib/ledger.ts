import { addDays, type Day, weekdayOf } from "./dates";

export interface LedgerDay {
  date: Day;
  status: string;
  count: number;
  note?: string;
}

export const ledgerWords: Record<string, string> = {
  start: "起算",
  counted: "计入",
  off: "休息",
  paused: "暂停",
  rolled: "顺延",
  due: "届满",
};

export interface Week {
  monday: Day;
  days: (LedgerDay | undefined)[];
}

/** Lays the ledger out in weeks from Monday to Sunday. */
export function weeksOf(ledger: LedgerDay[]): Week[] {
  const sorted = [...ledger].sort((a, b) => a.date.localeCompare(b.date));
  const weeks: Week[] = [];
  for (const day of sorted) {
    const column = (weekdayOf(day.date) + 6) % 7;
    const monday = addDays(day.date, -column);
    let week = weeks.at(-1);
    if (week?.monday !== monday) {
      week = { monday, days: Array.from({ length: 7 }) };
      weeks.push(week);
    }
    week.days[column] = day;
  }
  return weeks;
}
