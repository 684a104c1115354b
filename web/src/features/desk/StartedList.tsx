import { Button } from "antd";
import { Link } from "react-router";
import { useMe } from "../../app/session";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { DueTag, StateTag } from "../../components/Tags";
import { moment } from "../../lib/dates";
import { useStarted } from "./api";

/** What I started, and where it is. */
export function StartedList({ text }: { text?: string }) {
  const me = useMe();
  const pages = useStarted(text);
  return (
    <Loaded query={pages}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState
            title={text ? `没有找到「${text}」` : "您还没有发起过办件"}
            hint="您发起的办件会列在这里，可以看到现在等谁、还剩多久。"
            action={
              me.menu.includes("launch") ? (
                <Link to="/launch">
                  <Button>去发起</Button>
                </Link>
              ) : undefined
            }
          />
        ) : (
          <>
            <ul className="tasks">
              {rows.map((c) => (
                <li className="task" key={c.number}>
                  <div className="task-main">
                    <p className="task-title">
                      <Link to={`/cases/${encodeURIComponent(c.number)}`}>{c.title}</Link>
                      <span className="muted num nowrap"> {c.number}</span>
                    </p>
                    <p className="task-meta">
                      <StateTag state={c.state} />
                      <span>{c.segment}</span>
                      <span>{moment(c.started_at)} 发起</span>
                    </p>
                  </div>
                  <div className="task-who">
                    <span className="task-label">等谁</span>
                    <span>{c.next_who || (c.closed_at ? "无需等待" : "流程推进中")}</span>
                  </div>
                  <div className="task-due">
                    <span className="task-label">期限</span>
                    {c.closed_at ? (
                      <span className="muted">{c.result || "已结束"}</span>
                    ) : (
                      <DueTag day={c.next_day} card={c.card} paused={c.paused} />
                    )}
                  </div>
                  <div className="task-button">
                    <Link to={`/cases/${encodeURIComponent(c.number)}`} tabIndex={-1}>
                      <Button aria-label={`查看：${c.title}`}>查看</Button>
                    </Link>
                  </div>
                </li>
              ))}
            </ul>
            <LoadMore pages={pages} />
          </>
        )
      }
    </Loaded>
  );
}
