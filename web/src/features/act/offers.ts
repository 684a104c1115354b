import type { ActionOffer } from "../../api/types";

/** The answers to one task belong together: they are chosen in one drawer. */
export function answersOf(actions: ActionOffer[], task: string): ActionOffer[] {
  return actions.filter((a) => a.action === "answer" && a.task === task);
}

/** Actions that need nothing from the person and do not decide: they are done at once. */
export function isQuick(offer: ActionOffer): boolean {
  return (offer.action === "urge" || offer.action === "read") && !asksAnything(offer);
}

function asksAnything({ needs }: ActionOffer): boolean {
  return Boolean(
    needs.opinion ||
      needs.attachment ||
      needs.target ||
      needs.return_to?.length ||
      needs.ground?.length ||
      needs.removable?.length ||
      needs.days,
  );
}

/** What one begins with: where there is no choice it is made, and a display is as long as it must be. */
export function givenBy({ needs }: Pick<ActionOffer, "needs">): { notice?: string; days?: number } {
  const [notice, other] = needs.notice ?? [];
  return { ...(notice && !other && { notice: notice.notice }), ...(needs.least && { days: needs.least }) };
}

export interface OfferGroup {
  key: string;
  task?: string;
  answers: ActionOffer[];
  others: ActionOffer[];
}

/** The offers of a case by task, in the server's order; those about the case as a whole come last. */
export function groupOffers(actions: ActionOffer[]): OfferGroup[] {
  const groups = new Map<string, OfferGroup>();
  for (const offer of actions) {
    const key = offer.task ?? "";
    const group = groups.get(key) ?? { key, task: offer.task, answers: [], others: [] };
    groups.set(key, group);
    (offer.action === "answer" ? group.answers : group.others).push(offer);
  }
  const all = [...groups.values()];
  return [...all.filter((g) => g.task), ...all.filter((g) => !g.task)];
}

/** What the opinion box is called for each action. */
export const opinionLabels: Record<string, string> = {
  answer: "意见",
  transfer: "转办说明",
  delegate: "委派要求",
  add_before: "加签说明",
  add_after: "加签说明",
  remove_signer: "减签理由",
  take_back: "撤回理由",
  withdraw: "撤销理由",
  terminate: "终止理由",
  copy: "抄送说明",
  pause: "暂停依据和说明",
  resume: "恢复说明",
  complain: "反映的情况",
  escalate: "上报理由",
  extend: "延期的依据和理由",
  send_back: "退回理由",
  suspend: "挂起理由",
  continue: "解除的理由",
  republish: "补公示的理由",
};

/** Phrases an official writes every day; choosing one adds it to the text. */
export const phrases: Record<string, string[]> = {
  agree: ["同意。", "情况属实，同意。", "依据充分，经费落实，同意。"],
  agree_if: ["同意，但经费须先行到位。", "同意，入户须由申请单位人员陪同。", "同意，须在约定日期到期退出。"],
  object: ["现有人手无法承担。", "属部门自身职责，不宜交由社区办理。", "依据不足，不同意。"],
  supplement: ["请补充依据的条款和文号。", "请补充经费来源说明。", "请明确每个社区的工作量。"],
  refuse: ["不属于区级事项，不予受理。", "与清单已有事项重复，不予受理。"],
  return: ["请补充情况后再报。", "意见不一致，请重新会商。"],
  report: ["本期按计划推进，无异常。"],
  accept: ["材料齐全，予以受理。"],
};
