import { expect, it } from "vitest";
import { weeksOf } from "./ledger";

it("lays days out from Monday to Sunday", () => {
  const day = (date: string, count: number) => ({ date, status: "counted", count });
  const weeks = weeksOf([day("2026-09-21", 2), day("2026-09-17", 0), day("2026-09-20", 1)]);
  expect(weeks.map((w) => w.monday)).toEqual(["2026-09-14", "2026-09-21"]);
  expect(weeks[0]?.days.map((d) => d?.date)).toEqual([
    undefined,
    undefined,
    undefined,
    "2026-09-17",
    undefined,
    undefined,
    "2026-09-20",
  ]);
  expect(weeks[1]?.days[0]?.count).toBe(2);
  expect(weeksOf([])).toEqual([]);
});
