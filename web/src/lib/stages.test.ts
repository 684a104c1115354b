import { describe, expect, it } from "vitest";
import { segmentsOf } from "./stages";

const defs = [
  { name: "formal-review", title: "形式审查", segment: "受理" },
  { name: "correction", title: "补正材料", segment: "受理" },
  { name: "street-hearing", title: "听取街道意见", segment: "听取意见" },
  { name: "decision", title: "联席会议审定", segment: "审定" },
];
const at = "2026-09-07T01:00:00Z";
const round = (stage: string, segment: string, n: number, left?: string) => ({
  stage,
  title: stage,
  segment,
  round: n,
  entered: at,
  left,
});

describe("stage bar", () => {
  it("shows where a case is and how often it came back", () => {
    const bar = segmentsOf(
      defs,
      [
        round("formal-review", "受理", 1, at),
        round("formal-review", "受理", 2, at),
        round("street-hearing", "听取意见", 1),
      ],
      "听取意见",
      "",
    );
    expect(bar.map((s) => [s.title, s.state, s.rounds])).toEqual([
      ["受理", "done", 2],
      ["听取意见", "now", 1],
      ["审定", "ahead", 0],
    ]);
  });
  it("says of a closed case what was never reached", () => {
    const rounds = [round("formal-review", "受理", 1, at), round("street-hearing", "听取意见", 1)];
    expect(segmentsOf(defs, rounds, "听取意见", "carried").map((s) => s.state)).toEqual(["done", "done", "skipped"]);
    expect(segmentsOf(defs, rounds, "听取意见", "cut").map((s) => s.state)).toEqual(["done", "ended", "skipped"]);
  });
  it("keeps a segment that was passed over", () => {
    const bar = segmentsOf(defs, [round("formal-review", "受理", 1, at), round("decision", "审定", 1)], "审定", "");
    expect(bar.map((s) => s.state)).toEqual(["done", "skipped", "now"]);
  });
});
