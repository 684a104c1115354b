import { describe, expect, it } from "vitest";
import type { Run } from "../../api/types";
import { byKind, freshness, healthOf, kindNames, spanWords, stateWords } from "./incidents";

const now = new Date("2026-09-07T09:10:00+08:00");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
const run = (kind: string, seconds?: number, error?: string): Run => ({
  kind,
  title: `检测${kind}`,
  at: ago(seconds ?? 0),
  took_ms: 3,
  found: 0,
  error,
  last_ok: seconds === undefined ? undefined : ago(seconds),
});

describe("byKind", () => {
  it("keeps the order of the list and joins a kind that goes on on the next page", () => {
    const row = (id: string, kind: "code" | "overdue") => ({ id, kind, kind_title: kind === "code" ? "程序出错" : "超期未办" });
    const groups = byKind([row("1", "code"), row("2", "overdue"), row("3", "overdue")]);
    expect(groups.map((g) => [g.title, g.rows.map((r) => r.id)])).toEqual([
      ["程序出错", ["1"]],
      ["超期未办", ["2", "3"]],
    ]);
  });
});

describe("stateWords", () => {
  it("names who has it, and how it ended", () => {
    expect(stateWords({ state: "open" })).toBe("待处置");
    expect(stateWords({ state: "assigned", assignee_name: "示例-白运" })).toBe("已指派 示例-白运");
    expect(stateWords({ state: "resolved", how: "原因已消除" })).toBe("已解决：原因已消除");
  });
});

describe("spanWords", () => {
  it.each([
    [-5, "0 秒"],
    [59.9, "59 秒"],
    [60, "1 分钟"],
    [3599, "59 分钟"],
    [3600, "1 小时"],
    [172_799, "47 小时"],
    [172_800, "2 天"],
  ])("%d seconds are %s", (seconds, words) => {
    expect(spanWords(seconds)).toBe(words);
  });
});

describe("freshness", () => {
  it("goes by the oldest of the last good runs", () => {
    expect(freshness([run("a", 5), run("b", 45)], now)).toEqual({ text: "检测于 45 秒前", tone: "fresh", behind: 45 });
  });
  it("is late once two sweeps are missing", () => {
    expect(freshness([run("a", 120)], now).tone).toBe("fresh");
    expect(freshness([run("a", 121)], now)).toEqual({ text: "数据滞后 2 分钟", tone: "late", behind: 121 });
  });
  it("names the detector that never went well", () => {
    const f = freshness([run("a", 5), run("b", undefined, "坏")], now);
    expect(f.tone).toBe("never");
    expect(f.text).toContain("「检测b」");
  });
  it("says that nothing was looked for yet", () => {
    expect(freshness([], now).text).toBe("还没有检测过");
  });
});

describe("healthOf", () => {
  const none = kindNames.map((kind) => ({ kind, title: kind, count: 0 }));
  const one = (kind: string) => [{ kind, title: kind, count: 1 }];
  it("is well when detectors run and nothing is wrong with the machine", () => {
    expect(healthOf([run("a", 5)], now, none, [], { failed: 0, retrying: 0 })).toEqual({ level: "normal", word: "正常", why: [] });
  });
  it("is not ill because people are late", () => {
    expect(healthOf([run("a", 5)], now, one("overdue"), []).level).toBe("normal");
  });
  it.each([
    ["a detector that fails now", [run("a", 5), run("b", 30, "坏")], none, undefined],
    ["a list that is behind", [run("a", 300)], none, undefined],
    ["a case whose code fails", [run("a", 5)], one("code"), undefined],
    ["an activity that retries", [run("a", 5)], one("retrying"), undefined],
    ["reminders that were given up", [run("a", 5)], none, { failed: 2, retrying: 0 }],
  ])("is degraded by %s", (_, runs, open, notify) => {
    const health = healthOf(runs, now, open, [], notify);
    expect(health.level).toBe("degraded");
    expect(health.why).toHaveLength(1);
  });
  it.each([
    ["no detector", [], none],
    ["a detector that never went well", [run("a")], none],
    ["a list ten minutes behind", [run("a", 601)], none],
    ["a queue without a worker", [run("a", 5)], one("no_worker")],
  ])("is down with %s", (_, runs, open) => {
    expect(healthOf(runs, now, open, []).level).toBe("down");
  });
  it("says what is wrong with a part of the machine, the worst first", () => {
    const troubles = [
      { level: "degraded" as const, text: "引擎答得慢。" },
      { level: "down" as const, text: "没有程序在取任务。" },
    ];
    expect(healthOf([run("a", 5)], now, none, troubles)).toEqual({
      level: "down",
      word: "故障",
      why: ["没有程序在取任务。", "引擎答得慢。"],
    });
    expect(healthOf([run("a", 5)], now, none, troubles.slice(0, 1)).level).toBe("degraded");
  });
});
