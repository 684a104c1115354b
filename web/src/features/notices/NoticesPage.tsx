import { useQueries } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { CaseDetail, ListVersion } from "../../api/types";
import { EmptyState, Failure, Loaded } from "../../components/Loaded";
import { moment } from "../../lib/dates";
import { useVersions } from "../lists/api";
import "../case/case.css";

const step = 10;

/** What was published: every change of a list comes with the notices of its case. */
export function Component() {
  const versions = useVersions();
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>公告</h1>
          <p className="muted">清单变更、准入和退出的公告，最近公布的在最前面。</p>
        </div>
      </div>
      <div className="panel">
        <Loaded query={versions} rows={6}>
          {(all) => <Notices versions={all} />}
        </Loaded>
      </div>
    </div>
  );
}

function Notices({ versions }: { versions: ListVersion[] }) {
  const [shown, setShown] = useState(step);
  const cases = [...new Set(versions.flatMap((v) => (v.case ? [v.case] : [])))];
  const results = useQueries({
    queries: cases.slice(0, shown).map((number) => ({
      queryKey: keys.case(number),
      queryFn: () => data<CaseDetail>(api.GET("/api/v1/cases/{number}", { params: { path: { number } } })),
      retry: false,
    })),
  });
  const notices = results.flatMap((r) => r.data?.notices ?? []).sort((a, b) => b.from.localeCompare(a.from));
  if (cases.length === 0) {
    return <EmptyState title="还没有公告" hint="准入事项公布、清单变更或退出后，公告会列在这里。" />;
  }
  const failed = results.find((r) => r.error && r.fetchStatus === "idle");
  if (notices.length === 0 && results.every((r) => !r.isPending)) {
    return failed ? (
      <Failure error={failed.error} onRetry={() => results.forEach((r) => void r.refetch())} />
    ) : (
      <EmptyState title="还没有公告" hint="准入事项公布、清单变更或退出后，公告会列在这里。" />
    );
  }
  return (
    <>
      <ul className="notices">
        {notices.map((n) => (
          <li key={n.id} className="notice">
            <h3>
              <Link to={`/notices/${encodeURIComponent(n.case)}/${encodeURIComponent(n.id)}`}>{n.title}</Link>
            </h3>
            <p className="muted num">
              {moment(n.from)} 公布 · {n.case}
            </p>
          </li>
        ))}
      </ul>
      {cases.length > shown && (
        <div className="more">
          <Button onClick={() => setShown(shown + step)}>加载更多</Button>
        </div>
      )}
    </>
  );
}
