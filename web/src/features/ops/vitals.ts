import type { Lane, MachineHealth, MachineQueue } from "../../api/types";
import { spanWords } from "./incidents";

/** What is wrong with a part of the machine: said above its panel, and in the verdict at the top. */
export interface Trouble {
  part: "queues" | "database" | "engine";
  level: "degraded" | "down";
  text: string;
}

export const laneNames: Record<Lane["kind"], string> = { workflow: "流程", activity: "动作" };

// From when on it is trouble, in seconds and milliseconds; the alert rules in deploy/ go by the same lags.
const lagLate = 120;
const lagLost = 300;
const slowAnswer = 1000;
const fullServer = 0.9;

/** Everything that is wrong with the queues, the database and the engine, each in a sentence. */
export function troublesOf(h: MachineHealth): Trouble[] {
  return [...h.queues.flatMap((q) => queueTroubles(q, h.engine.error)), ...databaseTroubles(h), ...engineTroubles(h)];
}

/** The same for the verdict, which also says that nothing new is known. */
export function machineTroubles(h: MachineHealth | undefined, failed: boolean): Trouble[] {
  const unknown: Trouble = {
    part: "engine",
    level: "degraded",
    text: "没有取到程序、数据库和流程引擎此刻的情况。",
  };
  return [...(failed ? [unknown] : []), ...(h ? troublesOf(h) : [])];
}

function queueTroubles(q: MachineQueue, engine: string | undefined): Trouble[] {
  if (q.error) {
    // An engine that does not answer is said once.
    return engine ? [] : [{ part: "queues", level: "degraded", text: q.error }];
  }
  const deserted = q.lanes.filter((l) => l.state === "deserted");
  if (deserted.length > 0 && deserted.length === q.lanes.length) {
    return [{ part: "queues", level: "down", text: `没有程序在取「${q.title}」的任务${waiting(deserted)}：${q.stops}。` }];
  }
  return q.lanes.flatMap((l): Trouble[] => {
    const name = `「${q.title}」的${laneNames[l.kind]}任务`;
    switch (l.state) {
      case "deserted":
        return [{ part: "queues", level: "down", text: `没有程序在取${name}${waiting([l])}：这类事项不会前进。` }];
      case "slow":
        return [{ part: "queues", level: "degraded", text: `${name}没有及时取走${waiting([l])}：程序可能太少、太慢，或刚刚停了。` }];
      default:
        return [];
    }
  });
}

/** What lies there, after a comma; nothing where nothing does. */
function waiting(lanes: Lane[]): string {
  const n = lanes.reduce((all, l) => all + l.backlog, 0);
  return n === 0 ? "" : `，积压 ${n} 项，最早的已等 ${spanWords(Math.max(...lanes.map((l) => l.oldest)))}`;
}

function databaseTroubles(h: MachineHealth): Trouble[] {
  const { figures: f, error } = h.database;
  if (!f) {
    return [{ part: "database", level: "down", text: error ?? "数据库没有回答。" }];
  }
  const found: Trouble[] = [];
  const say = (level: Trouble["level"], text: string) => found.push({ part: "database", level, text });
  if (f.lag > lagLate) {
    say(
      f.lag > lagLost ? "down" : "degraded",
      `数据滞后 ${spanWords(f.lag)}：${f.pending} 项操作已存下，还没有办成；办理人看到的可能不是最新的。`,
    );
  }
  if (f.outbox_lag > lagLate) {
    say("degraded", `提醒滞后 ${spanWords(f.outbox_lag)}：${f.outbox} 条还没有分到人。`);
  }
  if (f.took_ms > slowAnswer) {
    say("degraded", `数据库答得慢：最简单的一问用了 ${f.took_ms} 毫秒。`);
  }
  if (f.max_clients > 0 && f.clients >= f.max_clients * fullServer) {
    say("degraded", `数据库的连接快用完了：已有 ${f.clients} 个，上限 ${f.max_clients} 个。`);
  }
  return found;
}

function engineTroubles(h: MachineHealth): Trouble[] {
  const { figures: f, error } = h.engine;
  if (!f) {
    return [
      {
        part: "engine",
        level: "down",
        text: `${error ?? "流程引擎没有回答。"}查询照常；新的操作存着，恢复后办成；期限不丢。`,
      },
    ];
  }
  return f.took_ms > slowAnswer
    ? [{ part: "engine", level: "degraded", text: `流程引擎答得慢：最简单的一问用了 ${f.took_ms} 毫秒。` }]
    : [];
}

/** A program that takes work, with the queues it takes it from. */
export interface Program {
  key: string;
  name: string;
  queues: string[];
  /** Seconds since it last asked for any of them. */
  asked: number;
  build?: string;
}

/** The programs behind the queues: one process asks for several kinds of work. */
export function programsOf(queues: MachineQueue[]): Program[] {
  const all = new Map<string, Program>();
  for (const q of queues) {
    for (const w of q.lanes.flatMap((l) => l.workers)) {
      const name = w.process ? `${w.host || "未知主机"} · 进程 ${w.process}` : "未按惯例署名的程序";
      const one = all.get(name) ?? { key: name, name, queues: [], asked: w.asked, build: w.build };
      one.asked = Math.min(one.asked, w.asked);
      if (!one.queues.includes(q.title)) {
        one.queues.push(q.title);
      }
      all.set(name, one);
    }
  }
  return [...all.values()];
}

/** A rate of the engine, a second; small ones keep two digits. */
export function rateWords(perSecond: number): string {
  if (perSecond === 0) {
    return "0";
  }
  return perSecond < 0.01 ? "<0.01" : perSecond.toFixed(perSecond < 10 ? 2 : 0);
}
