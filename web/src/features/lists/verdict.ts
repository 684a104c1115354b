export interface Verdict {
  is: "no" | "yes" | "ask";
  title: string;
  text: string;
}

/** What the lists say about a piece of work: one negative item outweighs everything else. */
export function verdictOf(kinds: string[]): Verdict {
  if (kinds.includes("negative")) {
    return { is: "no", title: "不可以", text: "属于负面清单，不得交由社区办理，也不能申请准入。社区可以拒绝。" };
  }
  if (kinds.includes("duty")) {
    return { is: "yes", title: "已在职责清单中", text: "属于社区的法定职责，无需申请准入。" };
  }
  if (kinds.includes("assist")) {
    return {
      is: "yes",
      title: "已在协助清单中",
      text: "社区按清单写明的方式和频次协助，无需申请准入；超出的部分须另行申请。",
    };
  }
  return { is: "ask", title: "三张清单中都没有", text: "部门须先申请准入并备足经费，获准以前社区可以拒绝。" };
}
