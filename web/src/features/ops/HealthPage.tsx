import { CheckCircleOutlined, CloseCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Table, type TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { NotifyHealth, Run } from "../../api/types";
import { useNow } from "../../app/now";
import { EmptyState, Loaded } from "../../components/Loaded";
import { moment } from "../../lib/dates";
import { useIncidentCounts, useMachine, useRuns } from "./api";
import { HealthPanels } from "./HealthPanels";
import { type Health, healthOf, spanWords } from "./incidents";
import { machineTroubles } from "./vitals";
import "./ops.css";

const icons: Record<Health["level"], ReactNode> = {
  normal: <CheckCircleOutlined aria-hidden />,
  degraded: <WarningOutlined aria-hidden />,
  down: <CloseCircleOutlined aria-hidden />,
};

/** Is the machine well? */
export function Component() {
  const runs = useRuns();
  const counts = useIncidentCounts();
  const machine = useMachine();
  const notify = useQuery({
    queryKey: keys.notifyHealth,
    queryFn: () => data<NotifyHealth>(api.GET("/api/v1/notify/health")),
    refetchInterval: 30_000,
  });
  const now = useNow();
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <p className="muted ops-crumb">
            <Link to="/ops">运行监控</Link> / 系统健康
          </p>
          <h1>系统健康</h1>
        </div>
      </div>
      <Loaded query={runs} rows={2}>
        {(r) =>
          machine.isPending ? (
            <Waiting />
          ) : (
            <Verdict
              of={healthOf(r.runs, now, counts.data?.kinds ?? [], machineTroubles(machine.data, machine.isError), notify.data)}
            />
          )
        }
      </Loaded>
      <HealthPanels machine={machine} />
      <section className="panel ops-runs" aria-labelledby="health-runs">
        <h2 id="health-runs">检测</h2>
        <Loaded query={runs} rows={6}>
          {(r) => <RunTable runs={r.runs} now={now} />}
        </Loaded>
      </section>
      <section className="panel panel-pad stack" aria-labelledby="health-notify">
        <h2 id="health-notify">提醒发送</h2>
        <Loaded query={notify} rows={3}>
          {(n) => <Sending of={n} />}
        </Loaded>
      </section>
    </div>
  );
}

/** Nothing is called well before it was asked. */
function Waiting() {
  return (
    <p className="ops-verdict" role="status">
      正在询问程序、数据库和流程引擎…
    </p>
  );
}

function Verdict({ of }: { of: Health }) {
  return (
    <div className={`ops-verdict ops-verdict-${of.level}`} role="status">
      <p className="ops-verdict-word">
        {icons[of.level]} {of.word}
      </p>
      {of.why.length === 0 ? (
        <p>检测按时进行，程序、队列、数据库、流程引擎和提醒发送都没有发现问题。</p>
      ) : (
        <ul>
          {of.why.map((w) => (
            <li key={w}>{w}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function RunTable({ runs, now }: { runs: Run[]; now: Date }) {
  const columns: TableColumnsType<Run> = [
    {
      title: "检测",
      key: "title",
      render: (_, r) => (
        <>
          {r.title}
          {r.error && (
            <span className="only-narrow">
              <RunState of={r} />
            </span>
          )}
        </>
      ),
    },
    { title: "最近一次", key: "at", responsive: ["md"], render: (_, r) => <span className="num">{moment(r.at)}</span> },
    {
      title: "成功于",
      key: "ok",
      render: (_, r) =>
        r.last_ok ? (
          <span className="num nowrap">{spanWords((now.getTime() - Date.parse(r.last_ok)) / 1000)}前</span>
        ) : (
          <span className="ops-late">从未</span>
        ),
    },
    {
      title: "用时",
      key: "took",
      width: 96,
      responsive: ["md"],
      render: (_, r) => <span className="num">{r.took_ms} 毫秒</span>,
    },
    { title: "发现", key: "found", width: 80, render: (_, r) => <span className="num">{r.found} 件</span> },
    { title: "结果", key: "error", responsive: ["md"], render: (_, r) => <RunState of={r} /> },
  ];
  return (
    <Table<Run>
      rowKey="kind"
      columns={columns}
      dataSource={runs}
      pagination={false}
      locale={{ emptyText: <EmptyState title="还没有检测过" hint="检测每分钟进行一次，也可以在运行监控里点「立即检测」。" /> }}
    />
  );
}

function RunState({ of }: { of: Run }) {
  return of.error ? (
    <span>
      <span className="tag tag-yellow">出错</span> <span className="pre">{of.error}</span>
    </span>
  ) : (
    <span className="tag tag-accent">正常</span>
  );
}

function Sending({ of }: { of: NotifyHealth }) {
  const lines: [string, number, string][] = [
    ["待分发", of.outbox, "还没有分到人和渠道的提醒"],
    ["待发送", of.queued, "现在就该发的"],
    ["等时段", of.held, "免打扰时段或每日汇总"],
    ["重试中", of.retrying, "失败过，仍在重试"],
    ["未送达", of.failed, "不再重试"],
    ["无人可收", of.nobody, "岗位空缺"],
  ];
  return (
    <>
      <ul className="ops-sums">
        {lines.map(([word, n, hint]) => (
          <li key={word}>
            <span className="ops-sum num">{n}</span>
            <span>{word}</span>
            <span className="muted">{hint}</span>
          </li>
        ))}
      </ul>
      {of.oldest && <p>最早一条等到现在的提醒：{moment(of.oldest)}。</p>}
      <p className="row">
        {of.channels.map((c) => (
          <span key={c.channel}>
            {c.title}：{c.ready ? <span className="tag tag-accent">已配置</span> : <span className="tag tag-grey">{c.why}</span>}
          </span>
        ))}
      </p>
    </>
  );
}
