import { describe, expect, it } from "vitest";
import {
  buildingWords,
  codeProblem,
  groupedCode,
  leastOf,
  leftUntil,
  parseArea,
  percentFloor,
  plainCode,
  projectWords,
  speakerWords,
  squareMetres,
  unreachable,
  voterNumber,
} from "./votes";

const threeQuarters = { num: 3, den: 4, strict: false };
const twoThirds = { num: 2, den: 3, strict: false };
const half = { num: 1, den: 2, strict: true };

describe("shares", () => {
  it.each([
    [58, 87, "66.66%"],
    [56409, 75212, "75.00%"],
    [5_249_999, 7_000_000, "74.99%"],
    [0, 10, "0.00%"],
    [1, 0, "—"],
    [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, "99.99%"],
  ])("%d of %d is %s, rounded down", (part, whole, text) => expect(percentFloor(part, whole)).toBe(text));

  it.each([
    [twoThirds, 87, 58],
    [twoThirds, 800_000, 533_334],
    [threeQuarters, 59, 45],
    [threeQuarters, 1640, 1230],
    [half, 59, 30],
    [half, 58, 30],
  ])("%o of %d needs %d", (ratio, whole, least) => expect(leastOf(ratio, whole)).toBe(least));

  it("nothing can be decided by nobody", () => expect(leastOf(half, 0)).toBeUndefined());
  it("knows the number that means that no ballots help", () => {
    expect(unreachable(JSON.parse("9223372036854775807"))).toBe(true);
    expect(unreachable(544_000)).toBe(false);
  });
});

describe("areas", () => {
  it.each([
    [544_000, "5,440.00"],
    [5, "0.05"],
    [75_212, "752.12"],
  ])("writes %d", (area, text) => expect(squareMetres(area)).toBe(text));
  it.each([
    ["5,440.00", 544_000],
    ["0.05", 5],
    ["80", 8000],
    ["80.5", 8050],
  ])("reads %s", (text, area) => expect(parseArea(text)).toBe(area));
  it.each(["", "-1", "1.234", "5,44.00", "1e3"])("refuses «%s»", (text) => expect(parseArea(text)).toBeUndefined());
});

describe("a personal code", () => {
  it("is read as people type it", () => {
    expect(plainCode(" 7k3o-il00 ａｂｃｄ—2345")).toBe("7K301100ABCD2345");
    expect(groupedCode("7k301100abcd2345")).toBe("7K30-1100-ABCD-2345");
    expect(codeProblem("7K3O-IL00-ABCD-2345")).toBeUndefined();
  });
  it.each([
    ["", "请输入"],
    ["7K30-1100-ABCD-234", "现在是 15 位"],
    ["7K30-1100-ABCD-23456", "现在是 17 位"],
    ["7K30-1100-ABCD-234U", "「U」"],
    ["7K30-1100-ABCD-234中", "「中」"],
  ])("«%s» is refused before it is sent", (text, words) => expect(codeProblem(text)).toContain(words));
});

describe("the number of a ballot sheet", () => {
  it.each([
    ["12", "0012"],
    ["１２", "0012"],
    [" 0012 ", "0012"],
    ["12345", "12345"],
    ["CS-2026-000731#0012", "0012"],
  ])("«%s» is %s", (text, no) => expect(voterNumber(text)).toBe(no));
});

describe("names on paper and screen", () => {
  it.each([
    ["3", "3 号楼"],
    ["3、4 号楼", "3、4 号楼"],
    ["", "未注明楼号"],
  ])("building «%s»", (building, words) => expect(buildingWords(building)).toBe(words));
  it.each([
    [["甲"], "甲", ""],
    [["甲"], "乙", "（由 乙 表决）"],
    [["甲", "乙"], "甲", "（由 甲 表决）"],
    [["甲"], undefined, ""],
  ])("%j spoken for by %s", (names, speaker, words) => expect(speakerWords({ names, speaker })).toBe(words));
  it("names the estate once", () => {
    expect(projectWords({ estate: "听雨花园", title: "听雨花园：外墙" })).toBe("听雨花园：外墙");
    expect(projectWords({ estate: "听雨花园", title: "外墙" })).toBe("听雨花园 外墙");
  });
});

describe("what is left of the window", () => {
  const now = new Date("2026-09-07T09:00:00+08:00");
  it.each([
    ["2026-09-10T09:00:00+08:00", "还剩 3 天"],
    ["2026-09-10T18:30:00+08:00", "还剩 3 天 9 小时"],
    ["2026-09-07T18:30:00+08:00", "还剩 9 小时 30 分"],
    ["2026-09-07T09:00:30+08:00", "还剩 0 分"],
  ])("until %s", (closes, text) => expect(leftUntil(closes, now)).toBe(text));
  it("is nothing afterwards", () => expect(leftUntil("2026-09-07T08:59:59+08:00", now)).toBeUndefined());
});
