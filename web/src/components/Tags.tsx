import { Tooltip } from "antd";
import { useLeft } from "../app/now";
import { shortDay } from "../lib/dates";
import { holderTitle } from "../lib/names";

/** 黄牌 or 红牌, in words as well as in colour. */
export function CardTag({ card }: { card?: string }) {
  if (card === "red") {
    return <span className="tag tag-red">红牌</span>;
  }
  if (card === "yellow") {
    return <span className="tag tag-yellow">黄牌</span>;
  }
  return null;
}

/** What is left until a day: the phrase first, then the day with its weekday. */
export function DueTag({
  day,
  card,
  paused,
  provisional,
}: {
  day?: string;
  card?: string;
  paused?: boolean;
  provisional?: boolean;
}) {
  const left = useLeft(day);
  if (paused) {
    return <span className="due due-paused">时钟已暂停</span>;
  }
  if (!left) {
    return <span className="due due-none">无期限</span>;
  }
  const tone = card === "red" ? "red" : card === "yellow" ? "yellow" : left.tone;
  return (
    <span className={`due due-${tone}`}>
      <span className="due-left">
        {left.text} <CardTag card={card ?? (left.tone === "red" ? "red" : undefined)} />
      </span>
      <span className="due-day">
        {shortDay(day)}前
        {provisional && (
          <Tooltip title="期限跨入尚未载入日历的年度，载入后会重新计算。">
            <span className="tag tag-grey">暂定</span>
          </Tooltip>
        )}
      </span>
    </span>
  );
}

interface HolderLike {
  unit_name: string;
  role_name?: string;
  user_name?: string;
}

/** In whose court something is. */
export function HolderTag({ holder, mine }: { holder: HolderLike; mine?: boolean }) {
  return (
    <span className="holder">
      {mine ? <span className="tag tag-accent">我</span> : null}
      <span className="holder-name">{holderTitle(holder)}</span>
      {holder.role_name && !holder.user_name ? <span className="holder-role">{holder.role_name}</span> : null}
    </span>
  );
}

export function StateTag({ state }: { state: string }) {
  const [text, kind] = states[state] ?? [state, "grey"];
  return <span className={`tag tag-${kind}`}>{text}</span>;
}

export const caseStates = [
  "running",
  "executing",
  "completed",
  "rejected",
  "refused",
  "withdrawn",
  "cancelled",
  "revoked",
  "lapsed",
  "terminated",
] as const;

export const states: Record<string, [string, string]> = {
  running: ["办理中", "accent"],
  executing: ["执行中", "accent"],
  completed: ["已办结", "grey"],
  rejected: ["未通过", "grey"],
  refused: ["不予受理", "grey"],
  withdrawn: ["已撤销", "grey"],
  cancelled: ["准入后撤销", "grey"],
  revoked: ["撤销准入", "grey"],
  lapsed: ["失效", "grey"],
  terminated: ["终止", "grey"],
};
