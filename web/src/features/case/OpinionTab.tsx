import { useMemo } from "react";
import type { CaseDetail, Task } from "../../api/types";
import { EmptyState } from "../../components/Loaded";
import { moment } from "../../lib/dates";

/** What everyone said, by stage and round. */
export function OpinionTab({ detail }: { detail: CaseDetail }) {
  const groups = useMemo(() => opinionGroups(detail.tasks), [detail.tasks]);
  if (groups.length === 0) {
    return <EmptyState title="还没有人发表意见" hint="各环节办理后，办理结果和意见会按环节列在这里。" />;
  }
  return (
    <div className="tab-pad stack">
      {groups.map((g) => (
        <section key={g.key} className="form-read">
          <h3>
            {g.title}
            {g.round > 1 ? `（第 ${g.round} 轮）` : ""}
          </h3>
          <ul className="opinions">
            {g.tasks.map((t) => (
              <li key={t.id} className="opinion">
                <p>
                  <strong>{t.holder.unit_name}</strong> <span className="muted">{t.actor_name}</span>
                </p>
                <p>
                  <strong>{t.label || t.why_closed || (t.state === "open" ? "尚未办理" : "已结束")}</strong>
                  {t.late ? <span className="tag tag-grey">超期办理</span> : null}
                </p>
                {t.opinion && <blockquote className="event-note pre">{t.opinion}</blockquote>}
                <p className="muted">{t.closed_at ? moment(t.closed_at) : ""}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

export interface OpinionGroup {
  key: string;
  title: string;
  round: number;
  tasks: Task[];
}

/** Groups the tasks that have been answered or ended by stage and round, in the order in which they were opened. */
export function opinionGroups(tasks: Task[]): OpinionGroup[] {
  const groups = new Map<string, OpinionGroup>();
  const ended = tasks.filter((t) => t.state === "done" || t.state === "closed");
  for (const t of [...ended].sort((a, b) => a.opened_at.localeCompare(b.opened_at))) {
    const key = `${t.stage}#${t.round}`;
    const group = groups.get(key) ?? { key, title: t.title, round: t.round, tasks: [] };
    groups.set(key, group);
    group.tasks.push(t);
  }
  return [...groups.values()];
}
