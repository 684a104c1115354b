import { expect, it } from "vitest";
import type { Remedy } from "../../api/types";
import { missingInOrder, outcomeTone, settled, whyNot } from "./remedies";

const remedy = (needs: Partial<Remedy["needs"]> = {}): Remedy => ({
  remedy: "urge",
  label: "催办",
  next: "",
  second: false,
  allowed: true,
  needs: { opinion: false, attachment: false, target: false, ...needs },
});

it("wants a reason for every remedy, and blanks are none", () => {
  expect(missingInOrder(remedy(), { reason: " \n" })).toEqual(["请填写意见或理由"]);
  expect(missingInOrder(remedy(), { reason: "已电话联系" })).toEqual([]);
});

it("wants what the remedy asks for", () => {
  const reason = "理由";
  expect(missingInOrder(remedy({ target: true }), { reason })).toEqual(["请选择单位和岗位或人员"]);
  expect(missingInOrder(remedy({ target: true }), { reason, target: { unit: "XW", role: "operator" } })).toEqual([]);
  expect(missingInOrder(remedy({ days: 15 }), { reason })).toEqual(["请填写延长的天数（1 至 15）"]);
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
  expect(outcomeTone({ ...result, outcome: "waiting" })).toBe("waiting");
  expect(outcomeTone({ ...result, outcome: "unknown" })).toBe("waiting");
  expect(outcomeTone({ ...result, outcome: "stands" })).toBe("left");
  expect(outcomeTone(result)).toBe("left");
});

it("says that it is over when a later sweep has found so", () => {
  const result = { results: [], text: "还看不到", mended: false, outcome: "waiting" as const, until: "2026-09-07T01:00:30Z" };
  const over = { state: "resolved" as const, how: "处置后已恢复", ended: "2026-09-07T01:01:00Z" };
  expect(settled(result, { state: "open" })).toBe(result);
  const later = settled(result, over);
  expect(later.mended).toBe(true);
  expect(later.text).toBe("后来的检测（9月7日（周一） 09:01）已确认解决：处置后已恢复。");
  expect(settled(result, { ...over, how: "人工关闭" }).mended).toBe(false);
  const mended = { ...result, outcome: "mended" as const, mended: true };
  expect(settled(mended, over)).toBe(mended);
});
