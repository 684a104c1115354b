import { expect, it } from "vitest";
import type { Remedy } from "../../api/types";
import { missingInOrder, outcomeTone, whyNot } from "./remedies";

const remedy = (needs: Partial<Remedy["needs"]> = {}): Remedy => ({
  remedy: "urge",
  label: "催办",
  next: "",
  second: false,
  allowed: true,
  needs: { opinion: false, attachment: false, target: false, ...needs },
});

it("wants a reason for every remedy, and blanks are none", () => {
  expect(missingInOrder(remedy(), { reason: " \n" })).toEqual(["请填写理由"]);
  expect(missingInOrder(remedy(), { reason: "已电话联系" })).toEqual([]);
});

it("wants what the remedy asks for", () => {
  const reason = "理由";
  expect(missingInOrder(remedy({ target: true }), { reason })).toEqual(["请选择交给谁"]);
  expect(missingInOrder(remedy({ target: true }), { reason, target: { unit: "XW" } })).toEqual([]);
  expect(missingInOrder(remedy({ days: 15 }), { reason })).toEqual(["请填写延长的天数"]);
  expect(missingInOrder(remedy({ days: 15 }), { reason, days: 3 })).toEqual([]);
  expect(missingInOrder(remedy({ attachment: true }), { reason, files: [] })).toEqual(["请上传附件"]);
  expect(missingInOrder(remedy({ return_to: [{ stage: "a", title: "甲" }] }), { reason })).toHaveLength(2);
  expect(
    missingInOrder(remedy({ return_to: [{ stage: "a", title: "甲" }] }), { reason, return_to: "a", mode: "rerun" }),
  ).toEqual([]);
});

it("wants a case when the choice was emptied, and none when there was no choice", () => {
  expect(missingInOrder(remedy(), { reason: "理由", cases: [] })).toEqual(["请至少选择一件办件"]);
  expect(missingInOrder(remedy(), { reason: "理由", cases: ["XW-ZR-2026-014"] })).toEqual([]);
});

it("says why a remedy cannot be used", () => {
  expect(whyNot(remedy())).toBeUndefined();
  expect(whyNot({ ...remedy(), allowed: false, why_not: "已经解决。" })).toBe("已经解决。");
});

it("tells mended, waiting and left apart", () => {
  const result = { results: [], text: "", mended: false };
  expect(outcomeTone({ ...result, mended: true })).toBe("good");
  expect(outcomeTone({ ...result, pending: "p" })).toBe("waiting");
  expect(outcomeTone(result)).toBe("left");
});
