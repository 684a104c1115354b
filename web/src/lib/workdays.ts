import { addDays, type Day, weekdayOf } from "./dates";

/** The published days off and make-up working days of the years that are loaded. */
export interface Holidays {
  years: Set<string>;
  off: Set<Day>;
  work: Set<Day>;
}

export function isWorkday(day: Day, holidays: Holidays): boolean {
  if (holidays.work.has(day)) {
    return true;
  }
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && !holidays.off.has(day);
}

/**
 * Working days after the first day, up to and including the last. Undefined when a year on the way is not loaded: an
 * unknown year is never guessed at.
 */
export function workdaysAfter(from: Day, to: Day, holidays: Holidays): number | undefined {
  if (to < from) {
    return undefined;
  }
  let n = 0;
  for (let day = from; day <= to; day = addDays(day, 1)) {
    if (!holidays.years.has(day.slice(0, 4))) {
      return undefined;
    }
    if (day > from && isWorkday(day, holidays)) {
      n++;
    }
  }
  return n;
}

export type Tone = "normal" | "yellow" | "red" | "paused" | "done";

export interface Left {
  text: string;
  tone: Tone;
}

/**
 * What is left of a deadline in one phrase. Working days are named as such; where the calendar of a year is missing the
 * phrase says that it counts calendar days.
 */
export function leftOf(day: Day | undefined, today: Day, holidays: Holidays | undefined): Left | undefined {
  if (!day) {
    return undefined;
  }
  if (day === today) {
    return { text: "今天到期", tone: "yellow" };
  }
  const late = day < today;
  const [from, to] = late ? [day, today] : [today, day];
  const working = holidays ? workdaysAfter(from, to, holidays) : undefined;
  const n = working ?? Math.round((Date.parse(to) - Date.parse(from)) / 86400_000);
  const unit = working === undefined ? "天（自然日）" : "个工作日";
  if (late) {
    return { text: working === 0 ? "已超期" : `超期 ${n} ${unit}`, tone: "red" };
  }
  if (working === 0) {
    // The days between are all off: there is no working day left after today.
    return { text: "今天是最后一个工作日", tone: "yellow" };
  }
  return { text: `还剩 ${n} ${unit}`, tone: working === 1 ? "yellow" : "normal" };
}
