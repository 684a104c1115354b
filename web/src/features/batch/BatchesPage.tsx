import { Button } from "antd";
import { Link } from "react-router";
import type { Batch } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { moment } from "../../lib/dates";
import { useOperates } from "../ops/api";
import { useBatches } from "./api";
import { batchStates, countWords } from "./batch";
import "../ops/ops.css";
import "./batch.css";

/** What was done to many cases at once, and what waits. */
export function Component() {
  const pages = useBatches();
  const operates = useOperates();
  const start = (
    <Link to="/ops/batches/new?from=cases">
      <Button type="primary">新建一批</Button>
    </Link>
  );
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <p className="muted ops-crumb">
            <Link to="/ops">运行监控</Link> / 批量处置
          </p>
          <h1>批量处置</h1>
        </div>
        {operates && start}
      </div>
      <div className="panel">
        <Loaded query={pages} rows={6}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState
                title="还没有批量处置"
                hint="几十件办件因同一原因停住时，选定范围、看过预演，再一次办完。"
                action={operates ? start : undefined}
              />
            ) : (
              <>
                <ul>
                  {rows.map((b) => (
                    <BatchLine key={b.id} of={b} />
                  ))}
                </ul>
                <LoadMore pages={pages} />
              </>
            )
          }
        </Loaded>
      </div>
    </div>
  );
}

function BatchLine({ of: b }: { of: Batch }) {
  const [word, tone] = batchStates[b.state];
  return (
    <li className="batch-line">
      <p>
        <Link to={`/ops/batches/${encodeURIComponent(b.id)}`}>
          <strong>{b.label}</strong>：{b.chosen}
        </Link>{" "}
        <span className={`tag tag-${tone}`}>{word}</span>{" "}
        {b.second && !b.confirmer && b.state === "draft" && <span className="tag tag-yellow">待复核</span>}
      </p>
      <p className="task-meta">
        <span className="num">{countWords(b.counts)}</span>
        <span>
          {b.by_name} 于 {moment(b.at)} 选定
        </span>
        <span>理由：{b.reason}</span>
      </p>
    </li>
  );
}
