import type { Batch, BatchItem, BatchOrder, IncidentKind } from "../../api/types";
import { compact, oneOf } from "../../lib/filters";
import { kindNames } from "../ops/incidents";

export const batchStates: Record<Batch["state"], [string, string]> = {
  draft: ["未开始", "yellow"],
  running: ["执行中", "accent"],
  stopped: ["已停止", "yellow"],
  done: ["已执行完", "grey"],
};

export const itemStates: Record<BatchItem["state"], [string, string]> = {
  planned: ["将处置", "accent"],
  sent: ["等答复", "yellow"],
  done: ["已办", "accent"],
  skipped: ["略过", "grey"],
  failed: ["未办成", "red"],
};

export const itemStateNames = Object.keys(itemStates) as BatchItem["state"][];

type Counts = Batch["counts"];

/** How many of those that were to be done have their result, of a hundred; what the dry run left out is no work. */
export function progress(counts: Counts): number {
  const left = counts.planned + counts.sent;
  const all = counts.total;
  return all === 0 ? 0 : Math.floor((100 * (all - left)) / all);
}

/** The numbers in words; what there is none of stays away. */
export function countWords(counts: Counts): string {
  const words = itemStateNames
    .filter((s) => counts[s] > 0)
    .map((s) => `${itemStates[s][0]} ${counts[s]} 件`);
  return [`共 ${counts.total} 件`, ...words].join("，");
}

export type Source = Pick<BatchOrder, "cases" | "incidents">;

const cardNames = ["yellow", "red"] as const;
const openStates = ["running", "executing"] as const;
const liveStates = ["open", "acknowledged", "assigned"] as const;

/** What is to be chosen, from the address: of cases, or of incidents, which must be of one kind. */
export function sourceOf(search: URLSearchParams): Source {
  const text = (name: string) => search.get(name) ?? undefined;
  if (search.get("from") === "incidents") {
    const kind = oneOf(search.get("kind"), kindNames);
    if (!kind) {
      return {};
    }
    return {
      incidents: {
        kind,
        ...compact({
          id: text("id"),
          state: oneOf(search.get("state"), liveStates),
          unit: text("unit"),
          assignee: text("assignee"),
          case: text("case"),
          text: text("text"),
        }),
      },
    };
  }
  return {
    cases: compact({
      kind: text("kind"),
      state: oneOf(search.get("state"), openStates),
      card: oneOf(search.get("card"), cardNames),
      unit: text("unit"),
      stage: text("stage"),
      text: text("text"),
    }),
  };
}

/** The address under which a filtered list becomes a batch. */
export function batchLink(from: "cases" | "incidents", filter: Record<string, unknown>): string {
  const search = new URLSearchParams({ from });
  for (const [name, value] of Object.entries(filter)) {
    if (typeof value === "string" && value !== "") {
      search.set(name, value);
    }
  }
  return `/ops/batches/new?${search}`;
}

/** The kind of incident whose remedies are offered; undefined: those of any case. */
export function kindOf(source: Source): IncidentKind | undefined {
  return source.incidents?.kind;
}

/** What happened to a batch, as its history says it. */
export const deeds: Record<string, string> = {
  made: "选定",
  confirmed: "复核同意",
  run: "开始执行",
  stopped: "停止",
  resumed: "继续执行",
  done: "执行完",
};
