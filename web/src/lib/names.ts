interface HolderLike {
  unit_name: string;
  user_name?: string;
}

/** A holder in a sentence: the unit, or the person with the unit behind. */
export function holderTitle(h: HolderLike): string {
  return h.user_name ? `${h.user_name}（${h.unit_name}）` : h.unit_name;
}

/** An actor as the record shows one: «李某 代 王某». */
export function actorTitle(a: { name: string; for_name?: string }): string {
  return a.for_name ? `${a.name} 代 ${a.for_name}` : a.name;
}

export function isSystem(a: { user?: string }): boolean {
  return !a.user;
}

/** How several holders of one stage answer together. */
export const signs: Record<string, string> = {
  all: "会签",
  any: "或签",
  in_turn: "依次",
  collect: "征求意见",
};

export const added: Record<string, string> = { before: "前加签", after: "后加签", helper: "委派" };

export const clockStates: Record<string, string> = { running: "计时中", paused: "已暂停", stopped: "已停止" };

export const tags: Record<string, string> = {
  T: "已核对条文",
  X: "见于摘录",
  M: "待本地确认",
  P: "实务做法",
  D: "平台默认，可由本地调整",
};

export const listKinds: Record<string, string> = { duty: "职责清单", assist: "协助清单", negative: "负面清单" };

export const levels: Record<string, string> = {
  city: "市",
  district: "区",
  department: "区级部门",
  street: "街道",
  community: "社区",
};

export const units: Record<string, string> = {
  hour: "小时",
  day: "日（自然日）",
  workday: "个工作日",
  month: "个月",
  year: "年",
};
