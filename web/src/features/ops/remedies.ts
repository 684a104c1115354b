import type { Incident, Order, Remedy, RemedyResult } from "../../api/types";
import { moment } from "../../lib/dates";
import { missingIn } from "../act/missing";

/** What an operator fills in. */
export type OrderInput = Omit<Order, "remedy" | "version">;

/** Why a remedy cannot be used; undefined when it can. */
export function whyNot(remedy: Remedy): string | undefined {
  return remedy.allowed ? undefined : remedy.why_not || "现在不能进行这项处置。";
}

/** What is still missing in an order, as sentences; empty when it can be sent. */
export function missingInOrder(remedy: Remedy, order: OrderInput): string[] {
  const needs = { ...remedy.needs, opinion: true };
  const missing = missingIn({ needs }, { ...order, opinion: order.reason }, order.files?.length ?? 0);
  return order.cases?.length === 0 ? ["请至少选择一件办件", ...missing] : missing;
}

/** How a result is shown: over, not known yet, or not over. */
export function outcomeTone(result: RemedyResult): "good" | "waiting" | "left" {
  if (result.mended) {
    return "good";
  }
  return result.pending || result.outcome === "waiting" || result.outcome === "unknown" ? "waiting" : "left";
}

/**
 * A result as it is by now: what was not over yet when the remedy was done may be over since, and the list knows of it first.
 */
export function settled(result: RemedyResult, incident: Pick<Incident, "state" | "how" | "ended">): RemedyResult {
  const open = result.outcome === "waiting" || result.outcome === "unknown" || result.outcome === "stands";
  if (!open || incident.state !== "resolved") {
    return result;
  }
  if (incident.how === "人工关闭") {
    return { ...result, outcome: "closed", until: undefined, text: `后来（${moment(incident.ended)}）有人人工关闭了它。` };
  }
  const text = `后来的检测（${moment(incident.ended)}）已确认解决：${incident.how || "原因已消除"}。`;
  return { ...result, mended: true, outcome: "mended", until: undefined, text };
}
