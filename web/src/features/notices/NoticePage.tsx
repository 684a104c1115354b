import { Button } from "antd";
import { Link, useParams } from "react-router";
import { Loaded } from "../../components/Loaded";
import { dayOf, longDay } from "../../lib/dates";
import { useNotice } from "./api";
import { NoticeLinks } from "./NoticeLinks";
import { NoticeState } from "./NoticeState";
import "./notice.css";

/** One notice, as on paper. */
export function Component() {
  const { id = "" } = useParams();
  const query = useNotice(id);
  return (
    <div className="page">
      <div className="page-head">
        <p className="muted grow">
          <Link to="/notices">公告</Link> / {query.data?.title ?? "一份公告"}
        </p>
        {query.data && <Button onClick={() => window.print()}>打印公告</Button>}
      </div>
      <Loaded query={query} rows={8}>
        {(notice) => (
          <>
            <div className="panel panel-pad stack notice-about">
              <NoticeState notice={notice} />
              <p className="row">
                <NoticeLinks notice={notice} />
              </p>
            </div>
            <article className="notice-paper">
              <h1>{notice.title}</h1>
              <div className="pre">{notice.text}</div>
              <p className="notice-sign">
                {notice.district_name}
                <br />
                {longDay(dayOf(notice.from))}
              </p>
            </article>
          </>
        )}
      </Loaded>
    </div>
  );
}
