import { describe, expect, it } from "vitest";
import type { DatabaseFigures, Lane, MachineHealth, MachineQueue } from "../../api/types";
import { machineTroubles, programsOf, rateWords, troublesOf } from "./vitals";

const lane = (kind: Lane["kind"], more: Partial<Lane> = {}): Lane => ({
  kind,
  state: "taken",
  workers: [{ process: "7", host: "h", asked: 2 }],
  asked: 2,
  backlog: 0,
  oldest: 0,
  added: 0,
  taken: 0,
  ...more,
});
const queue = (title: string, more: Partial<MachineQueue> = {}): MachineQueue => ({
  name: title,
  title,
  stops: "办件停在原处",
  lanes: [lane("workflow"), lane("activity")],
  ...more,
});
const figures: DatabaseFigures = {
  kind: "sqlite",
  version: "3",
  took_ms: 1,
  size: 1,
  in_use: 0,
  limit: 5,
  clients: 0,
  max_clients: 0,
  pending: 0,
  lag: 0,
  outbox: 0,
  outbox_lag: 0,
  open_cases: 1,
};
const well: MachineHealth = {
  now: "2026-09-07T09:10:00Z",
  queues: [queue("办件"), queue("例行")],
  database: { figures },
  engine: { figures: { version: "1", took_ms: 2, namespace: "gongzhi", retention: 86_400 } },
};
const said = (h: Partial<MachineHealth>) => troublesOf({ ...well, ...h }).map((t) => [t.part, t.level, t.text]);
const database = (more: Partial<DatabaseFigures>) => said({ database: { figures: { ...figures, ...more } } });

describe("troublesOf", () => {
  it("finds nothing wrong with a machine that is well", () => {
    expect(said({})).toEqual([]);
  });

  it("says what stands still without a program", () => {
    const lanes = [
      lane("workflow", { state: "deserted", workers: [], backlog: 2, oldest: 65 }),
      lane("activity", { state: "deserted", workers: [], backlog: 1, oldest: 130 }),
    ];
    expect(said({ queues: [queue("办件", { lanes }), queue("例行")] })).toEqual([
      ["queues", "down", "没有程序在取「办件」的任务，积压 3 项，最早的已等 2 分钟：办件停在原处。"],
    ]);
  });

  it("tells the kind of work apart where only one is not taken, or not fast enough", () => {
    const lanes = [lane("workflow", { state: "slow", backlog: 9, oldest: 21 }), lane("activity", { state: "deserted" })];
    expect(said({ queues: [queue("办件", { lanes })] })).toEqual([
      ["queues", "degraded", "「办件」的流程任务没有及时取走，积压 9 项，最早的已等 21 秒：程序可能太少、太慢，或刚刚停了。"],
      ["queues", "down", "没有程序在取「办件」的动作任务：这类事项不会前进。"],
    ]);
  });

  it("says once that the engine does not answer, and each queue that alone does not", () => {
    const queues = [queue("例行", { lanes: [], error: "引擎里没有命名空间。" })];
    expect(said({ queues })).toEqual([["queues", "degraded", "引擎里没有命名空间。"]]);
    expect(said({ queues, engine: { error: "流程引擎在 2 秒内没有回答。" } })).toEqual([
      ["engine", "down", "流程引擎在 2 秒内没有回答。查询照常；新的操作存着，恢复后办成；期限不丢。"],
    ]);
    expect(said({ database: { error: "数据库答不上来，原因已写入日志。" } })).toEqual([
      ["database", "down", "数据库答不上来，原因已写入日志。"],
    ]);
  });

  it.each([
    [{ lag: 120, pending: 1 }, undefined],
    [{ lag: 121, pending: 1 }, "degraded"],
    [{ lag: 300, pending: 1 }, "degraded"],
    [{ lag: 301, pending: 1 }, "down"],
    [{ outbox_lag: 120, outbox: 4 }, undefined],
    [{ outbox_lag: 121, outbox: 4 }, "degraded"],
    [{ took_ms: 1000 }, undefined],
    [{ took_ms: 1001 }, "degraded"],
    [{ clients: 89, max_clients: 100 }, undefined],
    [{ clients: 90, max_clients: 100 }, "degraded"],
  ])("takes %o of the database for %s", (more, level) => {
    expect(database(more).map((t) => t[1])).toEqual(level ? [level] : []);
  });

  it("says how far the data are behind", () => {
    expect(database({ lag: 185, pending: 4 })[0]?.[2]).toMatch(/^数据滞后 3 分钟：4 项操作已存下，还没有办成/);
  });
});

describe("machineTroubles", () => {
  it("keeps what was known and says that it is not of now", () => {
    expect(machineTroubles(well, false)).toEqual([]);
    expect(machineTroubles(undefined, true)).toHaveLength(1);
    const broken = { ...well, engine: { error: "没有回答。" } };
    expect(machineTroubles(broken, true).map((t) => t.level)).toEqual(["degraded", "down"]);
  });
});

describe("programsOf", () => {
  it("puts together what one process takes", () => {
    const of = (process: string, asked: number, build?: string) => ({ process, host: "web-1", asked, build });
    expect(
      programsOf([
        queue("办件", { lanes: [lane("workflow", { workers: [of("7", 40, "abc")] }), lane("activity", { workers: [of("7", 3)] })] }),
        queue("例行", { lanes: [lane("workflow", { workers: [of("7", 9), of("8", 1)] })] }),
      ]).map((p) => [p.name, p.queues.join(), p.asked, p.build]),
    ).toEqual([
      ["web-1 · 进程 7", "办件,例行", 3, "abc"],
      ["web-1 · 进程 8", "例行", 1, undefined],
    ]);
  });
  it("does not show how a program names itself otherwise", () => {
    const lanes = [lane("workflow", { workers: [{ process: "", host: "", asked: 1 }] })];
    expect(programsOf([queue("办件", { lanes })])[0]?.name).toBe("未按惯例署名的程序");
  });
});

describe("rateWords", () => {
  it.each([
    [0, "0"],
    [0.004, "<0.01"],
    [0.333, "0.33"],
    [9.999, "10.00"],
    [41.7, "42"],
  ])("%d a second is %s", (n, words) => {
    expect(rateWords(n)).toBe(words);
  });
});
