// Dates as people write them, always with the weekday. China has one zone and no daylight saving time, so a fixed
// offset is exact and the machine's own zone never matters.

const offset = 8 * 3600_000;
const weekdays = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

/** A civil day: 2026-09-28. */
export type Day = string;

/** How a date field shows a day, and how a day may be typed. */
export const dayFormats = ["YYYY-MM-DD ddd", "YYYY-MM-DD", "YYYYMMDD"];

/** The civil day of an instant in Asia/Shanghai. */
export function dayOf(at: string | number | Date): Day {
  return new Date(new Date(at).getTime() + offset).toISOString().slice(0, 10);
}

/** The next day, or any other number of days away. */
export function addDays(day: Day, n: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * 86400_000).toISOString().slice(0, 10);
}

/** The number of calendar days from one civil day to another; negative when the other is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86400_000);
}

/** The day of the week, 0 for Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** 9月28日（周一）; with the year when it is not the year given. */
export function shortDay(day: Day | undefined, year?: string): string {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day)) {
    return "";
  }
  const [y, m, d] = day.split("-");
  const text = `${Number(m)}月${Number(d)}日（${weekdays[weekdayOf(day)]}）`;
  return year && y !== year ? `${y}年${text}` : text;
}

/** 2026年9月28日（周一）. */
export function longDay(day: Day | undefined): string {
  const short = shortDay(day);
  return short && day ? `${day.slice(0, 4)}年${short}` : "";
}

/** 09:32 in Asia/Shanghai. */
export function clockTime(at: string | number | Date): string {
  return new Date(new Date(at).getTime() + offset).toISOString().slice(11, 16);
}

/** 9月28日（周一） 09:32. */
export function moment(at: string | number | Date | undefined, year?: string): string {
  return at ? `${shortDay(dayOf(at), year)} ${clockTime(at)}` : "";
}

/** 2026年9月28日（周一） 09:32, for what is printed and kept. */
export function longMoment(at: string | number | Date | null | undefined): string {
  return at ? `${longDay(dayOf(at))} ${clockTime(at)}` : "";
}

/** An exclusive end as people say it: 00:00 of a day is 24:00 of the day before. */
export function endMoment(at: string | null | undefined): string {
  if (!at) {
    return "";
  }
  return clockTime(at) === "00:00" ? `${longDay(lastDay(at))} 24:00` : longMoment(at);
}

/**
 * The last civil day of an exclusive end: 24:00 of a day is 00:00 of the next one, and people speak of the day that
 * ends, not of the one that begins.
 */
export function lastDay(due: string): Day {
  return dayOf(new Date(due).getTime() - 1);
}

/** Days as spans: «10月1日（周四）至10月7日（周三）». */
export function spansOf(days: Day[]): string[] {
  const spans: [Day, Day][] = [];
  for (const day of [...days].sort()) {
    const last = spans.at(-1);
    if (last && addDays(last[1], 1) === day) {
      last[1] = day;
    } else {
      spans.push([day, day]);
    }
  }
  return spans.map(([from, to]) => (from === to ? shortDay(from) : `${shortDay(from)}至${shortDay(to)}`));
}
