import { describe, expect, it } from "vitest";
import type { Figures, StageFigures } from "../../api/types";
import { bySegment, cards, heatOf, isPeriod, quarters, recentMonths, share, summary } from "./figures";

const figures = (of: Partial<Figures>): Figures => ({
  count: 0,
  median: 0,
  p90: 0,
  longest: 0,
  dated: 0,
  late: 0,
  late_percent: 0,
  silent: 0,
  returned: 0,
  returned_percent: 0,
  yellow: 0,
  red: 0,
  ...of,
});

const stage = (median: number, limit?: number, count = 1, segment = "受理"): StageFigures => ({
  stage: "s",
  title: "环节",
  segment,
  limit_days: limit,
  figures: figures({ count, median }),
  units: [],
});

describe("periods", () => {
  it("are whole quarters and months, over the turn of the year", () => {
    expect(quarters("2026-02-10").map((q) => [q.title, q.from, q.to]).slice(0, 3)).toEqual([
      ["2026 年第一季度", "2026-01-01", "2026-03-31"],
      ["2025 年第四季度", "2025-10-01", "2025-12-31"],
      ["2025 年第三季度", "2025-07-01", "2025-09-30"],
    ]);
    expect(recentMonths("2028-03-31").map((m) => [m.title, m.from, m.to]).slice(0, 2)).toEqual([
      ["2028 年 3 月", "2028-03-01", "2028-03-31"],
      ["2028 年 2 月", "2028-02-01", "2028-02-29"],
    ]);
    expect(quarters("2026-12-31")[0]).toEqual({ title: "2026 年第四季度", from: "2026-10-01", to: "2026-12-31" });
  });

  it("are refused when they are none", () => {
    expect(isPeriod("2026-01-01", "2026-12-31")).toBe(true);
    expect(isPeriod("2026-01-01", "2027-01-02")).toBe(false);
    expect(isPeriod("2026-02-01", "2026-01-01")).toBe(false);
    expect(isPeriod("2026-02-01", null)).toBe(false);
    expect(isPeriod("1 月", "2 月")).toBe(false);
  });
});

describe("heatOf", () => {
  it("compares the median with the stage's own period, and says when there is none", () => {
    expect([1, 2.5, 4, 5, 6].map((median) => heatOf(stage(median, 5)))).toEqual(["cool", "cool", "warm", "hot", "over"]);
    expect(heatOf(stage(9))).toBe("unlimited");
    expect(heatOf(stage(0, 5, 0))).toBe("none");
  });
});

describe("words", () => {
  it("give the fraction first, and no figure of nothing", () => {
    expect(share(3, 20, 15)).toBe("3/20（15%）");
    expect(share(0, 0, 0)).toBe("—");
    expect(cards(figures({ red: 1, yellow: 2 }))).toBe("红 1 黄 2");
    expect(cards(figures({}))).toBe("—");
  });

  it("answer the question of the page", () => {
    const f = figures({ count: 20, median: 2, p90: 5, dated: 18, late: 3, late_percent: 16, returned: 1, returned_percent: 5, red: 3, yellow: 4 });
    expect(summary(f, 2)).toBe(
      "办结 20 件：中位数 2 个工作日，九成在 5 个工作日以内；超期 3/18（16%），退回 1/20（5%）；红牌 3 件，黄牌 4 件。此刻还有 2 件超期未办。",
    );
    expect(summary(figures({}), 0)).toBe("期内没有办结的待办，此刻没有超期未办的。");
  });
});

it("bySegment keeps the order of the procedure", () => {
  const kind = { kind: "k", name: "事项", segments: ["受理", "审定", "公布"], figures: figures({}), stages: [stage(1, 1, 1, "审定"), stage(1, 1, 1, "受理"), stage(1, 1, 1, "另外")] };
  expect(bySegment(kind).map((s) => s.title)).toEqual(["受理", "审定", "另外"]);
});
