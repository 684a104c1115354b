import { describe, expect, it } from "vitest";
import type { DueBoard } from "../../api/types";
import { boardWords, cellOf, cellWords, columnsOf, columnWords } from "./board";

const board = (cells: DueBoard["total"]["cells"]): DueBoard => ({
  now: "2026-09-24T01:00:00Z",
  today: "2026-09-24",
  days: [
    { day: "2026-09-24", off: false },
    { day: "2026-09-25", off: true },
  ],
  units: [],
  total: { unit: "", name: "合计", count: 0, cells },
});

describe("columnsOf", () => {
  it("goes from what is over to what has no date, and marks days off in words", () => {
    const columns = columnsOf(board([{ column: "paused", count: 1, yellow: 0, red: 0 }]));
    expect(columns.map((c) => c.empty)).toEqual([true, true, true, true, false]);
    expect(columns.map((c) => [c.key, c.title, c.note])).toEqual([
      ["overdue", "已超期", "未办"],
      ["2026-09-24", "今天", "周四"],
      ["2026-09-25", "9/25", "周五 休"],
      ["later", "更晚", "9/25后"],
      ["paused", "暂停", "时钟停着"],
    ]);
  });
});

describe("words", () => {
  it("say what a column and a cell hold", () => {
    expect(columnWords("2026-09-25")).toBe("9月25日（周五）到期");
    expect(columnWords("overdue")).toBe("已超期未办");
    expect(cellWords({ column: "x", count: 3, yellow: 2, red: 0 })).toBe("3 件，其中黄牌 2 件");
    expect(cellWords({ column: "x", count: 3, yellow: 0, red: 0 })).toBe("3 件");
    expect(cellWords({ column: "x", count: 3, yellow: 1, red: 2 })).toBe("3 件，其中红牌 2 件、黄牌 1 件");
  });

  it("answer the question of the page", () => {
    const cell = (column: string, count: number) => ({ column, count, yellow: 0, red: 0 });
    const some = board([cell("overdue", 2), cell("2026-09-24", 1), cell("2026-09-25", 3), cell("paused", 4), cell("later", 9)]);
    expect(boardWords(some)).toBe("今天起 1 天内到期 4 件（今天 1 件），已超期未办 2 件，时钟暂停 4 件，更晚到期 9 件。");
    expect(boardWords(board([]))).toBe("今天起 1 天内到期 0 件（今天 0 件），没有超期未办的。");
    expect(cellOf(some.total, "undated")).toBeUndefined();
  });
});
