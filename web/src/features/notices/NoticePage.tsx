import { Button } from "antd";
import { Link, useParams } from "react-router";
import { EmptyState, Loaded } from "../../components/Loaded";
import { longDay, dayOf } from "../../lib/dates";
import { useCase } from "../case/api";
import "./notice.css";

/** One notice, as on paper. */
export function Component() {
  const { number = "", id = "" } = useParams();
  const query = useCase(number);
  return (
    <div className="page">
      <div className="page-head">
        <p className="muted grow">
          <Link to="/notices">公告</Link> / <Link to={`/cases/${encodeURIComponent(number)}`}>{number}</Link>
        </p>
        <Button onClick={() => window.print()}>打印公告</Button>
      </div>
      <Loaded query={query} rows={8}>
        {(detail) => {
          const notice = detail.notices.find((n) => n.id === id);
          return notice ? (
            <article className="notice-paper">
              <h1>{notice.title}</h1>
              <div className="pre">{notice.text}</div>
              <p className="notice-sign">{longDay(dayOf(notice.from))}</p>
            </article>
          ) : (
            <div className="panel">
              <EmptyState title="没有找到这份公告" hint="它可能不属于这件办件，请从公告列表进入。" />
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
