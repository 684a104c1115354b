import { ReloadOutlined } from "@ant-design/icons";
import { App, Button, Skeleton } from "antd";
import { lazy, Suspense } from "react";
import { Link, Navigate, useParams } from "react-router";
import { sentenceOf } from "../../api/errors";
import { moment } from "../../lib/dates";
import type { IncidentCounts } from "../../api/types";
import { useNow } from "../../app/now";
import { EmptyState, Failure, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { useFilters } from "../../components/useFilters";
import { compact, oneOf } from "../../lib/filters";
import { batchLink } from "../batch/batch";
import { type IncidentFilter, useIncidentCounts, useIncidents, useOperates, useRuns, useSweep, useView } from "./api";
import { IncidentDrawer } from "./IncidentDrawer";
import { IncidentItem } from "./IncidentItem";
import { byKind, freshness, incidentStates, kindNames } from "./incidents";
import { KindChips, OpsFilters } from "./OpsFilters";
import { Proposals } from "./Proposals";
import { Views } from "./Views";
import "./ops.css";

const TrendChart = lazy(() => import("./TrendChart"));

const states = [...(Object.keys(incidentStates) as (keyof typeof incidentStates)[]), "all"] as const;

/** What stands still, and what do I press? */
export function Component() {
  const { id } = useParams();
  const [search, set] = useFilters();
  const view = search.get("view");
  if (view) {
    return <OpenView id={view} />;
  }
  return (
    <>
      <Ops search={search} set={set} />
      <IncidentDrawer id={id} />
    </>
  );
}

/** A link to a saved view is a link to what was saved under its name. */
function OpenView({ id }: { id: string }) {
  const query = useView(id);
  return (
    <div className="page">
      <h1>运行监控</h1>
      <Loaded query={query}>{(view) => <Navigate to={`/ops?${view.query}`} replace />}</Loaded>
    </div>
  );
}

function Ops({ search, set }: { search: URLSearchParams; set: ReturnType<typeof useFilters>[1] }) {
  const filter: IncidentFilter = compact({
    kind: oneOf(search.get("kind"), kindNames),
    state: oneOf(search.get("state"), states),
    unit: search.get("unit") ?? undefined,
    assignee: search.get("assignee") ?? undefined,
    case: search.get("case") ?? undefined,
    text: search.get("text") ?? undefined,
  });
  const pages = useIncidents(filter);
  const counts = useIncidentCounts();
  const operates = useOperates();
  const filtered = Object.keys(filter).length > 0;
  const clear = () => set(Object.fromEntries([...search.keys()].map((k) => [k, undefined])));
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>运行监控</h1>
          <Checked />
        </div>
        <Link to="/ops/health">
          <Button>系统健康</Button>
        </Link>
        <Link to={operates ? batchLink("incidents", { ...filter }) : "/ops/batches"}>
          <Button>{operates ? "批量处置…" : "批量处置"}</Button>
        </Link>
        <Views query={search.toString()} />
        <SweepButton />
      </div>
      <Proposals />
      <KindChips counts={counts.data} value={filter.kind} onChange={(kind) => set({ kind })} />
      <OpsFilters filter={filter} set={set} />
      <div className="ops-columns">
        <div className="panel ops-list">
          <Loaded query={pages} rows={8}>
            {(rows) =>
              rows.length === 0 ? (
                <Nothing filtered={filtered} clear={clear} />
              ) : (
                <>
                  {byKind(rows).map((group) => (
                    <section key={group.kind} aria-labelledby={`kind-${group.kind}`}>
                      <h2 className="ops-kind" id={`kind-${group.kind}`}>
                        {group.title} <span className="count">{group.rows.length} 件</span>
                      </h2>
                      <ul>
                        {group.rows.map((i) => (
                          <IncidentItem key={i.id} of={i} search={search.toString()} />
                        ))}
                      </ul>
                    </section>
                  ))}
                  <LoadMore pages={pages} />
                </>
              )
            }
          </Loaded>
        </div>
        <aside className="stack" aria-label="趋势和单位">
          <Aside counts={counts} unit={filter.unit} onUnit={(unit) => set({ unit })} />
        </aside>
      </div>
    </div>
  );
}

function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const runs = useRuns().data?.runs ?? [];
  const at = runs.map((r) => r.at).sort().at(-1);
  return filtered ? (
    <EmptyState
      title="没有符合条件的卡点"
      hint="可以放宽筛选条件；默认只列没有解决的。"
      action={<Button onClick={clear}>清除筛选</Button>}
    />
  ) : (
    <EmptyState
      title="没有卡住的办件"
      hint={at ? `最近一次检测：${moment(at)}。办件停住时，原因和处置办法会列在这里。` : "还没有检测过，可以点「立即检测」。"}
    />
  );
}

/** How old the list is. A list that is behind says so in words, not only in colour. */
function Checked() {
  const runs = useRuns();
  const now = useNow();
  if (!runs.data) {
    return <p className="muted">{runs.error ? "没有取到检测情况" : "正在读取检测情况"}</p>;
  }
  const fresh = freshness(runs.data.runs, now);
  return (
    <p className={fresh.tone === "fresh" ? "muted" : "ops-late"} role="status">
      {fresh.text}
    </p>
  );
}

function SweepButton() {
  const sweep = useSweep();
  const { message } = App.useApp();
  if (!useOperates()) {
    return null;
  }
  const go = async () => {
    try {
      const { done } = await sweep.mutateAsync();
      message.info(done ? "检测完成" : "检测还在进行，结果会自动出现");
    } catch (error) {
      message.warning(sentenceOf(error));
    }
  };
  return (
    <Button type="primary" icon={<ReloadOutlined aria-hidden />} loading={sweep.isPending} onClick={go}>
      立即检测
    </Button>
  );
}

interface AsideProps {
  counts: ReturnType<typeof useIncidentCounts>;
  unit?: string;
  onUnit: (unit: string | undefined) => void;
}

function Aside({ counts, unit, onUnit }: AsideProps) {
  if (counts.error && !counts.data) {
    return (
      <div className="panel">
        <Failure error={counts.error} onRetry={() => counts.refetch()} />
      </div>
    );
  }
  if (!counts.data) {
    return <Skeleton active title={false} paragraph={{ rows: 6 }} />;
  }
  return (
    <>
      <section className="panel panel-pad stack" aria-labelledby="ops-trend">
        <h2 id="ops-trend">近 {counts.data.trend.length} 天</h2>
        <Suspense fallback={<Skeleton active title={false} paragraph={{ rows: 3 }} />}>
          <TrendChart days={counts.data.trend} />
        </Suspense>
      </section>
      <section className="panel panel-pad stack" aria-labelledby="ops-units">
        <h2 id="ops-units">按单位</h2>
        <Units counts={counts.data} unit={unit} onUnit={onUnit} />
      </section>
    </>
  );
}

function Units({ counts, unit, onUnit }: { counts: IncidentCounts } & Omit<AsideProps, "counts">) {
  if (counts.units.length === 0) {
    return <p className="muted">没有未解决的卡点。</p>;
  }
  return (
    <ul className="ops-units">
      {counts.units.map((u) => (
        <li key={u.unit}>
          {u.unit ? (
            <Button
              type="link"
              size="small"
              aria-pressed={unit === u.unit}
              onClick={() => onUnit(unit === u.unit ? undefined : u.unit)}
            >
              {u.name || u.unit}
            </Button>
          ) : (
            <span>系统运行</span>
          )}
          <span className="num">{u.count} 件</span>
        </li>
      ))}
    </ul>
  );
}
