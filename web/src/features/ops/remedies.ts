import type { Order, Remedy, RemedyResult } from "../../api/types";

/** What an operator fills in. */
export type OrderInput = Omit<Order, "remedy" | "version">;

/** Why a remedy cannot be used; undefined when it can. */
export function whyNot(remedy: Remedy): string | undefined {
  return remedy.allowed ? undefined : remedy.why_not || "现在不能进行这项处置。";
}

/** What is still missing in an order, as sentences; empty when it can be sent. */
export function missingInOrder(remedy: Remedy, order: OrderInput): string[] {
  const { needs } = remedy;
  const missing: string[] = [];
  if (needs.target && !order.target) {
    missing.push("请选择交给谁");
  }
  if (needs.return_to?.length) {
    if (!order.return_to) {
      missing.push("请选择退回到哪个环节");
    }
    if (!order.mode) {
      missing.push("请选择退回之后怎样办理");
    }
  }
  if (needs.days && !order.days) {
    missing.push("请填写延长的天数");
  }
  if (needs.attachment && !order.files?.length) {
    missing.push("请上传附件");
  }
  if (order.cases?.length === 0) {
    missing.push("请至少选择一件办件");
  }
  if (!order.reason.trim()) {
    missing.push("请填写理由");
  }
  return missing;
}

/** How a result is shown: over, waiting for a second person, or not over yet. */
export function outcomeTone(result: RemedyResult): "good" | "waiting" | "left" {
  if (result.mended) {
    return "good";
  }
  return result.pending ? "waiting" : "left";
}
