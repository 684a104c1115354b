import type { Incident, IncidentKind, NotifyHealth, Runs } from "../../api/types";

/** The kinds of trouble, the most harmful first: the order of the list. */
export const kinds: Record<IncidentKind, string> = {
  code: "程序出错",
  no_worker: "无程序处理",
  disagree: "记录与引擎不一致",
  sweeping: "检测出错",
  retrying: "反复重试",
  unmanned: "无人可办",
  clock: "法定时限有误",
  lost: "表决已不可能通过",
  overdue: "超期未办",
  silent: "外部未回复",
  circling: "反复退回",
  undelivered: "提醒未送达",
};

export const kindNames = Object.keys(kinds) as IncidentKind[];

/** What is wrong with the machine itself, not with people. */
const machine: readonly string[] = ["code", "no_worker", "disagree", "sweeping", "retrying"];

export const incidentStates: Record<Incident["state"], [string, string]> = {
  open: ["待处置", "yellow"],
  acknowledged: ["已知悉", "accent"],
  assigned: ["已指派", "accent"],
  resolved: ["已解决", "grey"],
};

/** The state in one phrase, with the name of whoever has it. */
export function stateWords(i: Pick<Incident, "state" | "assignee_name" | "how">): string {
  const [word] = incidentStates[i.state];
  if (i.state === "assigned" && i.assignee_name) {
    return `已指派 ${i.assignee_name}`;
  }
  return i.state === "resolved" && i.how ? `${word}：${i.how}` : word;
}

/** The rows of each kind together; the server sends them in the order of the list, and the next page may go on with the last kind. */
export function byKind<T extends { kind: IncidentKind; kind_title: string }>(
  rows: T[],
): { kind: IncidentKind; title: string; rows: T[] }[] {
  const groups = new Map<IncidentKind, { kind: IncidentKind; title: string; rows: T[] }>();
  for (const row of rows) {
    const group = groups.get(row.kind) ?? { kind: row.kind, title: row.kind_title, rows: [] };
    group.rows.push(row);
    groups.set(row.kind, group);
  }
  return [...groups.values()];
}

/** A span as people say it, with its largest unit: 45 秒, 12 分钟, 5 小时, 3 天. */
export function spanWords(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) {
    return `${s} 秒`;
  }
  if (s < 3600) {
    return `${Math.floor(s / 60)} 分钟`;
  }
  return s < 2 * 86_400 ? `${Math.floor(s / 3600)} 小时` : `${Math.floor(s / 86_400)} 天`;
}

/** A sweep runs every minute: what is older than this is late. */
const freshFor = 120;
/** What is older than this cannot be relied on. */
const lostAfter = 600;

export interface Freshness {
  text: string;
  tone: "fresh" | "late" | "never";
  /** Seconds the list may be behind; undefined: no detector ever went well. */
  behind?: number;
}

/** How old the list may be: since the oldest of the last good runs of the detectors. */
export function freshness(runs: Pick<Runs, "runs">["runs"], now: Date): Freshness {
  const good = runs.map((r) => (r.last_ok ? Date.parse(r.last_ok) : Number.NaN));
  if (runs.length === 0) {
    return { text: "还没有检测过", tone: "never" };
  }
  if (good.some(Number.isNaN)) {
    const names = runs.filter((r) => !r.last_ok).map((r) => `「${r.title}」`);
    return { text: `${names.join("、")}的检测从未成功，清单不完整`, tone: "never" };
  }
  const behind = Math.max(0, Math.floor((now.getTime() - Math.min(...good)) / 1000));
  return behind <= freshFor
    ? { text: `检测于 ${spanWords(behind)}前`, tone: "fresh", behind }
    : { text: `数据滞后 ${spanWords(behind)}`, tone: "late", behind };
}

export interface Health {
  level: "normal" | "degraded" | "down";
  word: string;
  /** Each reason is a sentence. */
  why: string[];
}

/** 正常, 降级 or 故障: whether the machine is well enough to rely on what it shows. */
export function healthOf(
  runs: Runs["runs"],
  now: Date,
  open: { kind: string; title: string; count: number }[],
  troubles: { level: "degraded" | "down"; text: string }[],
  notify?: Pick<NotifyHealth, "failed" | "retrying">,
): Health {
  const down: string[] = [];
  const degraded: string[] = [];
  const fresh = freshness(runs, now);
  if (fresh.tone === "never") {
    down.push(`${fresh.text}。`);
  } else if ((fresh.behind ?? 0) > lostAfter) {
    down.push(`${fresh.text}，清单不能作为依据。`);
  } else if (fresh.tone === "late") {
    degraded.push(`${fresh.text}。`);
  }
  for (const one of troubles) {
    (one.level === "down" ? down : degraded).push(one.text);
  }
  for (const run of runs.filter((r) => r.error)) {
    degraded.push(`「${run.title}」上一次检测出错。`);
  }
  for (const one of open.filter((k) => k.count > 0 && machine.includes(k.kind))) {
    const to = one.kind === "no_worker" ? down : degraded;
    to.push(`${one.title}：${one.count} 件未解决。`);
  }
  if (notify && notify.failed > 0) {
    degraded.push(`${notify.failed} 条提醒没有送达，不再重试。`);
  }
  if (notify && notify.retrying > 0) {
    degraded.push(`${notify.retrying} 条提醒发送失败，正在重试。`);
  }
  if (down.length > 0) {
    return { level: "down", word: "故障", why: [...down, ...degraded] };
  }
  return degraded.length > 0
    ? { level: "degraded", word: "降级", why: degraded }
    : { level: "normal", word: "正常", why: [] };
}
