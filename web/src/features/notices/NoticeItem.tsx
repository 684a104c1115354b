import { Link } from "react-router";
import type { Notice } from "../../api/types";
import { moment } from "../../lib/dates";
import { NoticeLinks } from "./NoticeLinks";
import { NoticeState } from "./NoticeState";

export function NoticeItem({ notice: n }: { notice: Notice }) {
  return (
    <li className={n.open ? "notice-item" : "notice-item notice-past"}>
      <h2>
        <Link to={`/notices/${encodeURIComponent(n.id)}`}>{n.title}</Link>
      </h2>
      <NoticeState notice={n} />
      <p className="notice-start">{n.text}</p>
      <p className="muted row">
        <span>
          {n.district_name} · {moment(n.from)} 公布
        </span>
        <NoticeLinks notice={n} />
      </p>
    </li>
  );
}
