import { WarningOutlined } from "@ant-design/icons";
import { Table, type TableColumnsType } from "antd";
import type { ReactNode } from "react";
import type { DatabaseFigures, EngineFigures, Lane, MachineHealth } from "../../api/types";
import { EmptyState, Failure, Loaded } from "../../components/Loaded";
import { formatBytes } from "../../lib/files";
import type { useMachine } from "./api";
import { spanWords } from "./incidents";
import { laneNames, type Program, programsOf, rateWords, type Trouble, troublesOf } from "./vitals";

type Asked = ReturnType<typeof useMachine>;

/** One panel each for the programs with their queues, the database and the engine. Each says first what is wrong with it. */
export function HealthPanels({ machine }: { machine: Asked }) {
  return (
    <>
      <Panel part="queues" title="程序与队列" machine={machine} rows={5}>
        {(h) => (h.queues.every((q) => q.error) ? null : <Queues of={h} />)}
      </Panel>
      <Panel part="database" title="数据库" machine={machine} rows={3}>
        {(h) => h.database.figures && <Database of={h.database.figures} />}
      </Panel>
      <Panel part="engine" title="流程引擎" machine={machine} rows={2}>
        {(h) => h.engine.figures && <Engine of={h.engine.figures} />}
      </Panel>
    </>
  );
}

function Panel(props: {
  part: Trouble["part"];
  title: string;
  machine: Asked;
  rows: number;
  children: (h: MachineHealth) => ReactNode;
}) {
  const { part, machine } = props;
  const id = `health-${part}`;
  return (
    <section className="panel panel-pad stack ops-vital" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      <Loaded query={machine} rows={props.rows}>
        {(h) => (
          <>
            {machine.isError && <Failure error={machine.error} onRetry={() => machine.refetch()} />}
            <Troubles of={h} part={part} />
            {props.children(h)}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Troubles({ of, part }: { of: MachineHealth; part: Trouble["part"] }) {
  const troubles = troublesOf(of).filter((t) => t.part === part);
  const unasked = part === "queues" && of.engine.error && of.queues.some((q) => q.error);
  if (troubles.length === 0 && !unasked) {
    return null;
  }
  return (
    <ul className="ops-troubles">
      {troubles.map((t) => (
        <li key={t.text} className={`ops-trouble-${t.level}`}>
          <WarningOutlined aria-hidden /> {t.text}
        </li>
      ))}
      {unasked && (
        <li className="ops-trouble-degraded">
          <WarningOutlined aria-hidden /> 流程引擎没有回答，有没有程序在取任务无从得知。
        </li>
      )}
    </ul>
  );
}

interface Row {
  key: string;
  queue: string;
  lane: Lane;
}

const ago = (seconds: number | undefined) => (seconds === undefined ? "近来没有" : `${spanWords(seconds)}前`);
const oldest = (l: Lane) => (l.backlog === 0 ? "—" : spanWords(l.oldest));

const columns: TableColumnsType<Row> = [
  {
    title: "队列",
    key: "queue",
    render: (_, r) => (
      <>
        {r.queue} <span className="only-narrow muted">{laneNames[r.lane.kind]}任务</span>
      </>
    ),
  },
  { title: "任务", key: "kind", responsive: ["md"], render: (_, r) => laneNames[r.lane.kind] },
  {
    title: "在取的程序",
    key: "workers",
    render: (_, r) => (
      <>
        <span className={r.lane.workers.length === 0 ? "ops-late" : "num"}>
          {r.lane.workers.length === 0 ? "没有" : `${r.lane.workers.length} 个`}
        </span>
        <span className="only-narrow muted num">{ago(r.lane.asked)}</span>
      </>
    ),
  },
  {
    title: "上次来取",
    key: "asked",
    responsive: ["md"],
    render: (_, r) => <span className="num">{ago(r.lane.asked)}</span>,
  },
  {
    title: "在等",
    key: "backlog",
    render: (_, r) => (
      <>
        <span className={r.lane.state === "slow" ? "ops-late" : "num"}>{r.lane.backlog} 项</span>
        {r.lane.backlog > 0 && <span className="only-narrow muted num">最早 {oldest(r.lane)}</span>}
      </>
    ),
  },
  {
    title: "最早的等了",
    key: "oldest",
    responsive: ["md"],
    render: (_, r) => <span className="num">{oldest(r.lane)}</span>,
  },
  {
    title: "加入／取走（每秒）",
    key: "rates",
    responsive: ["md"],
    render: (_, r) => (
      <span className="num">
        {rateWords(r.lane.added)}／{rateWords(r.lane.taken)}
      </span>
    ),
  },
];

function Queues({ of }: { of: MachineHealth }) {
  const programs = programsOf(of.queues);
  const rows = of.queues.flatMap((q) => q.lanes.map((lane): Row => ({ key: `${q.name} ${lane.kind}`, queue: q.title, lane })));
  return (
    <>
      <Table<Row>
        columns={columns}
        dataSource={rows}
        pagination={false}
        locale={{ emptyText: <EmptyState title="没有队列" hint="引擎里还没有本系统的队列，启动一次程序就有了。" /> }}
      />
      {programs.length > 0 && <Programs of={programs} />}
    </>
  );
}

function Programs({ of }: { of: Program[] }) {
  return (
    <ul className="ops-programs">
      {of.map((p) => (
        <li key={p.key}>
          <span className="ops-program">{p.name}</span>
          <span className="muted">
            取「{p.queues.join("」「")}」，{spanWords(p.asked)}前来取过
            {p.build && <>，程序摘要 {p.build.slice(0, 8)}</>}
          </span>
        </li>
      ))}
    </ul>
  );
}

type Figure = [word: string, value: string, hint: string];

function Figures({ of }: { of: Figure[] }) {
  return (
    <ul className="ops-sums">
      {of.map(([word, value, hint]) => (
        <li key={word}>
          <span className="ops-sum num">{value}</span>
          <span>{word}</span>
          <span className="muted">{hint}</span>
        </li>
      ))}
    </ul>
  );
}

const tookWords = (ms: number) => (ms < 1 ? "不到 1 毫秒" : `${ms} 毫秒`);

const kinds: Record<DatabaseFigures["kind"], string> = { sqlite: "SQLite", postgres: "PostgreSQL" };

function Database({ of: f }: { of: DatabaseFigures }) {
  const server: Figure[] =
    f.max_clients > 0 ? [["数据库连接", `${f.clients}/${f.max_clients}`, "所有程序的／数据库的上限"]] : [];
  return (
    <Figures
      of={[
        ["数据滞后", spanWords(f.lag), f.pending > 0 ? `${f.pending} 项操作还没有办成` : "操作都已办成"],
        ["提醒滞后", spanWords(f.outbox_lag), f.outbox > 0 ? `${f.outbox} 条还没有分到人` : "提醒都已分到人"],
        ["答复", tookWords(f.took_ms), `${kinds[f.kind]} ${f.version}`],
        ["本程序的连接", `${f.in_use}/${f.limit}`, "正在用的／上限"],
        ...server,
        ["大小", formatBytes(f.size), "不含附件"],
        ["在办", `${f.open_cases} 件`, "没有办结的办件"],
      ]}
    />
  );
}

function Engine({ of: f }: { of: EngineFigures }) {
  return (
    <Figures
      of={[
        ["答复", tookWords(f.took_ms), "最简单的一问"],
        ["版本", f.version, "Temporal"],
        ["命名空间", f.namespace, "办件所在的"],
        ["保留", spanWords(f.retention), "办结后引擎里还看得到的时间"],
      ]}
    />
  );
}
