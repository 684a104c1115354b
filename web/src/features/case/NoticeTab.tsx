import { Link } from "react-router";
import type { CaseDetail } from "../../api/types";
import { EmptyState } from "../../components/Loaded";
import { moment } from "../../lib/dates";
import { NoticeState } from "../notices/NoticeState";

/** What the case has published, the newest first. */
export function NoticeTab({ detail }: { detail: CaseDetail }) {
  const { notices } = detail;
  if (notices.length === 0) {
    return <EmptyState title="这件事还没有公告" hint="公布清单变更、退出等公告后，正文会列在这里。" />;
  }
  return (
    <ul className="notices">
      {[...notices].reverse().map((n, i) => (
        <li key={n.id} className="notice">
          <h3>
            <Link to={`/notices/${encodeURIComponent(n.id)}`}>{n.title}</Link>
            {notices.slice(0, notices.length - 1 - i).some((o) => o.title === n.title) && (
              <>
                {" "}
                <span className="tag tag-yellow">再次公示</span>
              </>
            )}
          </h3>
          <NoticeState notice={n} />
          <p className="muted">{moment(n.from)} 公布</p>
          <p className="pre">{n.text}</p>
        </li>
      ))}
    </ul>
  );
}
