import { describe, expect, it } from "vitest";
import { readYear } from "./readYear";

const good = { year: 2027, source: "国办通知", version: "2027.1", off: ["2027-01-01"], work: [] };

describe("a year of the calendar", () => {
  it("is read as it is", () => expect(readYear(JSON.stringify(good))).toEqual(good));
  it.each([
    ["{", "JSON"],
    ["null", "年份"],
    [JSON.stringify({ ...good, year: "2027" }), "年份"],
    [JSON.stringify({ ...good, off: ["2026-01-01"] }), "放假日"],
    [JSON.stringify({ ...good, off: ["2027-02-30"] }), "2027-02-30 不是"],
    [JSON.stringify({ ...good, work: undefined }), "补班日"],
    [JSON.stringify({ ...good, source: "" }), "来源"],
  ])("is refused: %s", (text, word) => expect(() => readYear(text)).toThrow(word));
});
