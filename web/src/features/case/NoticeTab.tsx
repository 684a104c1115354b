import { Link } from "react-router";
import type { CaseDetail } from "../../api/types";
import { EmptyState } from "../../components/Loaded";
import { moment } from "../../lib/dates";

export function NoticeTab({ detail }: { detail: CaseDetail }) {
  if (detail.notices.length === 0) {
    return <EmptyState title="这件事还没有公告" hint="公布清单变更、退出等公告后，正文会列在这里。" />;
  }
  return (
    <ul className="notices">
      {detail.notices.map((n) => (
        <li key={n.id} className="notice">
          <h3>
            <Link to={`/notices/${encodeURIComponent(n.id)}`}>{n.title}</Link>
          </h3>
          <p className="muted">{moment(n.from)} 公布</p>
          <p className="pre">{n.text}</p>
        </li>
      ))}
    </ul>
  );
}
