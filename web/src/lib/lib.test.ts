import { describe, expect, it } from "vitest";
import {
  addDays,
  clockTime,
  daysBetween,
  dayOf,
  endMoment,
  lastDay,
  longDay,
  moment,
  shortDay,
  spansOf,
} from "./dates";
import { fileProblem, formatBytes } from "./files";
import { newKey } from "./ids";
import { formatYuan, parseYuan } from "./money";
import { type Holidays, isWorkday, leftOf, workdaysAfter } from "./workdays";

// The State Council's table for the autumn of 2026.
const days = (from: string, n: number) => Array.from({ length: n }, (_, i) => addDays(from, i));
const autumn: Holidays = {
  years: new Set(["2026"]),
  off: new Set([...days("2026-09-25", 3), ...days("2026-10-01", 7)]),
  work: new Set(["2026-09-20", "2026-10-10"]),
};

describe("the end of a window", () => {
  it.each([
    ["2026-12-29T00:00:00+08:00", "2026年12月28日（周一） 24:00"],
    ["2026-12-29T18:00:00+08:00", "2026年12月29日（周二） 18:00"],
    [undefined, ""],
  ])("%s", (at, text) => expect(endMoment(at)).toBe(text));
});

describe("money", () => {
  it.each([
    ["9600", 960000],
    ["9,600.00", 960000],
    ["0.1", 10],
    ["0.29", 29],
    ["1.", 100],
    ["007.05", 705],
    ["\uff19\uff16\uff10\uff10\uff0e\uff15\uff10元", 960050],
    ["\uffe51,234,567.89", 123456789],
    ["1000000000.00", 100000000000],
  ])("reads %s", (text, fen) => expect(parseYuan(text)).toEqual({ ok: true, fen }));

  it.each(["", "-1", "1.234", "1,23", "12,34.00", "abc", "1e3", "1000000000.01", "99999999999"])("refuses %s", (text) =>
    expect(parseYuan(text).ok).toBe(false),
  );

  it.each([
    [0, "0.00"],
    [5, "0.05"],
    [960000, "9,600.00"],
    [123456789, "1,234,567.89"],
    [-150, "-1.50"],
  ])("writes %d", (fen, text) => expect(formatYuan(fen)).toBe(text));

  it("reads back what it writes", () => {
    for (let fen = 0; fen < 100_000_000; fen += 999_331) {
      expect(parseYuan(formatYuan(fen))).toEqual({ ok: true, fen });
    }
  });
});

describe("dates", () => {
  it("carries the weekday", () => {
    expect(shortDay("2026-09-23")).toBe("9月23日（周三）");
    expect(shortDay("2027-01-04", "2026")).toBe("2027年1月4日（周一）");
    expect(shortDay("2026-01-04", "2026")).toBe("1月4日（周日）");
    expect(longDay("2026-12-20")).toBe("2026年12月20日（周日）");
    expect(shortDay("")).toBe("");
    expect(shortDay("tomorrow")).toBe("");
  });
  it("reads instants in Asia/Shanghai whatever the machine's zone", () => {
    expect(dayOf("2026-09-07T16:00:00Z")).toBe("2026-09-08");
    expect(dayOf("2026-09-07T15:59:59Z")).toBe("2026-09-07");
    expect(clockTime("2026-09-07T01:05:00Z")).toBe("09:05");
    expect(moment("2026-10-12T09:00:00+08:00")).toBe("10月12日（周一） 09:00");
  });
  it("names the day that ends, not the one that begins", () => {
    expect(lastDay("2026-09-29T00:00:00+08:00")).toBe("2026-09-28");
    expect(lastDay("2026-09-28T10:00:00+08:00")).toBe("2026-09-28");
  });
  it("joins days into spans", () =>
    expect(spansOf(["2026-10-02", "2026-10-01", "2026-10-10"])).toEqual([
      "10月1日（周四）至10月2日（周五）",
      "10月10日（周六）",
    ]));
  it("counts across months", () => {
    expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
    expect(daysBetween("2026-12-31", "2027-01-02")).toBe(2);
    expect(daysBetween("2026-10-02", "2026-10-01")).toBe(-1);
  });
});

describe("working days", () => {
  it("knows make-up days and days off", () => {
    expect(isWorkday("2026-09-20", autumn)).toBe(true);
    expect(isWorkday("2026-09-25", autumn)).toBe(false);
    expect(isWorkday("2026-09-26", autumn)).toBe(false);
    expect(isWorkday("2026-09-28", autumn)).toBe(true);
  });
  it.each([
    ["2026-09-17", "2026-09-23", 5],
    ["2026-09-24", "2026-10-09", 5],
    ["2026-09-28", "2026-10-13", 7],
    ["2026-09-21", "2026-10-19", 15],
    ["2026-09-07", "2026-09-28", 15],
    ["2026-09-07", "2026-10-23", 30],
  ])("counts %s to %s", (from, to, n) => expect(workdaysAfter(from, to, autumn)).toBe(n));
  it("never guesses at a year that is not loaded", () =>
    expect(workdaysAfter("2026-12-30", "2027-01-05", autumn)).toBeUndefined());
});

describe("what is left", () => {
  it.each([
    ["2026-09-23", "2026-09-21", "还剩 2 个工作日", "normal"],
    ["2026-09-23", "2026-09-22", "还剩 1 个工作日", "yellow"],
    ["2026-09-23", "2026-09-23", "今天到期", "yellow"],
    ["2026-09-24", "2026-09-29", "超期 2 个工作日", "red"],
    ["2026-09-24", "2026-09-26", "已超期", "red"],
    ["2026-10-07", "2026-09-30", "今天是最后一个工作日", "yellow"],
    ["2027-01-05", "2026-12-30", "还剩 6 天（自然日）", "normal"],
  ])("%s seen on %s", (day, today, text, tone) => expect(leftOf(day, today, autumn)).toEqual({ text, tone }));
  it("says so when it counts calendar days", () =>
    expect(leftOf("2026-09-30", "2026-09-28", undefined)?.text).toBe("还剩 2 天（自然日）"));
  it("has nothing to say without a day", () => expect(leftOf(undefined, "2026-09-28", autumn)).toBeUndefined());
});

describe("files and keys", () => {
  it("refuses what the server would refuse", () => {
    expect(fileProblem("凭证.pdf", 1000)).toBeUndefined();
    expect(fileProblem("凭证.PDF", 1000)).toBeUndefined();
    expect(fileProblem("setup.exe", 1000)).toContain(".exe");
    expect(fileProblem("凭证", 1000)).toContain("没有扩展名");
    expect(fileProblem("大.pdf", 21 * 1024 * 1024)).toContain("20 MB");
    expect(fileProblem("空.pdf", 0)).toBe("文件是空的");
  });
  it("writes sizes", () => {
    expect(formatBytes(900)).toBe("900 B");
    expect(formatBytes(1536)).toBe("1.5 KB");
    expect(formatBytes(15 * 1024 * 1024)).toBe("15 MB");
    expect(formatBytes(3.2 * 1024 ** 3)).toBe("3.2 GB");
    expect(formatBytes(5000 * 1024 ** 4)).toBe("5000 TB");
  });
  it("makes keys of the accepted form", () => {
    expect(newKey()).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
    expect(newKey()).not.toBe(newKey());
  });
});
