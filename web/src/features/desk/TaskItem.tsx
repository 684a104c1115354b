import { Button } from "antd";
import { Link } from "react-router";
import type { TaskRow } from "../../api/types";
import { Sentence } from "../../components/Sentence";
import { DueTag, HolderTag } from "../../components/Tags";
import { moment } from "../../lib/dates";
import { added, signs } from "../../lib/names";

/** One task: the matter, the sentence, who is waited for, what is left, and one main button. */
export function TaskItem({ row }: { row: TaskRow }) {
  const { task, sentence } = row;
  const open = task.state === "open" || task.state === "blocked";
  const main = row.actions?.find((a) => a.main && a.allowed);
  const to = `/cases/${encodeURIComponent(task.case)}`;
  const act = main && open ? `${to}?act=${encodeURIComponent(task.id)}` : to;
  const label = open && task.my && task.state === "open" ? (main?.label ?? "办理") : "查看";
  return (
    <li className="task">
      <div className="task-main">
        <p className="task-title">
          <Link to={to}>{task.case_title}</Link>
          <span className="muted num nowrap"> {task.case}</span>
        </p>
        <Sentence of={sentence} />
        <p className="task-meta">
          <span>
            {task.title}
            {task.round > 1 ? `（第 ${task.round} 轮）` : ""}
            {task.subject ? ` · ${task.subject}` : ""}
          </span>
          {task.sign && signs[task.sign] ? <span className="tag tag-grey">{signs[task.sign]}</span> : null}
          {task.added && added[task.added] ? <span className="tag tag-grey">{added[task.added]}</span> : null}
          {open && !task.read_at && task.my ? <span className="tag tag-accent">未读</span> : null}
          {task.urged ? <span className="tag tag-grey">被催办 {task.urged} 次</span> : null}
        </p>
      </div>
      <div className="task-who">
        <span className="task-label">{open ? "等谁" : "办理人"}</span>
        {open ? (
          <HolderTag holder={task.holder} mine={task.my} />
        ) : (
          <span>{task.actor_name || task.holder.unit_name}</span>
        )}
      </div>
      <div className="task-due">
        <span className="task-label">{open ? "期限" : "办理时间"}</span>
        {open ? (
          <DueTag day={task.day} card={task.card} paused={task.paused} provisional={task.provisional} />
        ) : (
          <span>
            {task.label || task.why_closed || "已办"}
            <br />
            <span className="due-day">{moment(task.closed_at)}</span>
          </span>
        )}
      </div>
      <div className="task-button">
        <Link to={act} tabIndex={-1}>
          <Button type={main && open ? "primary" : "default"} aria-label={`${label}：${task.case_title}`}>
            {label}
          </Button>
        </Link>
      </div>
    </li>
  );
}
