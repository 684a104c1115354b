import { expect, it } from "vitest";
import type { EventView } from "../../api/types";
import { linesOf, numbersOf } from "./lines";

const clock = { user: "", name: "系统·超时" };
const event = (seq: number, part: Partial<EventView> = {}): EventView =>
  ({ seq, type: "task.reminded", text: "系统·超时 黄牌提醒。", at: "2026-12-17T01:00:05Z", actor: clock, attachments: null, ...part }) as EventView;

it("folds what the clock says of several people at one moment", () => {
  const lines = linesOf([event(8, { about: "听雨社区「执行进展」" }), event(7, { about: "槐荫社区「执行进展」" }), event(6)]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ count: 3, about: ["听雨社区「执行进展」", "槐荫社区「执行进展」"] });
  expect(lines.map(numbersOf)).toEqual(["第 6 至 8 条"]);
});

it("keeps apart what differs", () => {
  const person = { user: "li", name: "示例-李四" };
  for (const other of [
    { text: "系统·超时 红牌。" },
    { at: "2026-12-17T01:01:05Z" },
    { actor: person },
    { note: "意见" },
    { type: "stage.entered" },
  ]) {
    expect(linesOf([event(1), event(2, other as Partial<EventView>)])).toHaveLength(2);
  }
  expect(linesOf([event(1, { actor: person as never }), event(2, { actor: person as never })])).toHaveLength(2);
  expect(numbersOf(linesOf([event(4)])[0] as never)).toBe("第 4 条");
});
