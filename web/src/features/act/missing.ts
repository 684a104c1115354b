import type { ActionOffer } from "../../api/types";
import type { ActInput } from "./useAct";

/** What is still missing before an action can be sent, as sentences. */
export function missingIn({ needs }: Pick<ActionOffer, "needs">, input: ActInput, files: number): string[] {
  const missing: string[] = [];
  if (needs.target && !(input.target?.unit && (input.target.role || input.target.user))) {
    missing.push("请选择单位和岗位或人员");
  }
  if (needs.return_to?.length && !input.return_to) {
    missing.push("请选择退回到哪个环节");
  }
  if (needs.return_to?.length && !input.mode) {
    missing.push("请选择退回后重走还是直达");
  }
  if (needs.ground?.length && !input.ground) {
    missing.push("请选择暂停的事由");
  }
  if (needs.removable?.length && !input.removed) {
    missing.push("请选择减去哪一位");
  }
  if (needs.notice?.length && !input.notice) {
    missing.push("请选择要补公示的公告");
  }
  const least = needs.least ?? 1;
  if (needs.days && !(input.days && input.days >= least && input.days <= needs.days)) {
    missing.push(`请填写${needs.notice ? "公示" : "延长"}的天数（${least} 至 ${needs.days}）`);
  }
  if (needs.opinion && !input.opinion?.trim()) {
    missing.push("请填写意见或理由");
  }
  if (needs.attachment && files === 0) {
    missing.push("请上传附件");
  }
  return missing;
}
