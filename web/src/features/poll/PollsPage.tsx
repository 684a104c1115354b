import { Button, Select, Table, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { PollRow } from "../../api/types";
import { useNow } from "../../app/now";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { SearchField } from "../../components/SearchField";
import { DueTag } from "../../components/Tags";
import { UnitSelect } from "../../components/UnitSelect";
import { useFilters } from "../../components/useFilters";
import { dayOf, lastDay, shortDay } from "../../lib/dates";
import { compact, oneOf } from "../../lib/filters";
import { chanceWords, grouped, leftUntil, pollStates, projectWords } from "../../lib/votes";
import { usePolls } from "./api";
import "./polls.css";

const states = Object.keys(pollStates) as PollRow["state"][];

/** Every vote one may see: how far it is, whether it can still pass, and what comes next. */
export function Component() {
  const [search, set] = useFilters();
  const filter = compact({
    state: oneOf(search.get("state"), states),
    unit: search.get("unit") ?? undefined,
    text: search.get("text") ?? undefined,
  });
  const pages = usePolls(filter);
  const filtered = Object.keys(filter).length > 0;
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>表决</h1>
          <p className="muted">您的岗位可以查看的全部表决，最近发起的在最前面。</p>
        </div>
      </div>
      <search className="filters" aria-label="筛选表决">
        <SearchField
          value={filter.text ?? ""}
          onSearch={(text) => set({ text })}
          placeholder="编号、小区、事项"
          label="按文字查找"
          width={212}
        />
        <Select
          aria-label="状态"
          allowClear
          placeholder="状态"
          value={filter.state}
          onChange={(state?: string) => set({ state })}
          style={{ width: 150 }}
          options={Object.entries(pollStates).map(([value, [label]]) => ({ value, label }))}
        />
        <UnitSelect
          label="组织单位"
          placeholder="组织单位"
          value={filter.unit}
          onChange={(unit) => set({ unit })}
          width={170}
        />
      </search>
      <div className="panel">
        <Loaded query={pages} rows={8}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState
                title={filtered ? "没有符合条件的表决" : "还没有表决"}
                hint={
                  filtered
                    ? "可以放宽筛选条件；编号要写完整，小区或事项写其中几个字即可。"
                    : "社区或业委会发起「改造事项表决」后，您的岗位可以查看的表决会列在这里。"
                }
                action={
                  filtered ? (
                    <Button onClick={() => set({ state: undefined, unit: undefined, text: undefined })}>
                      清除筛选
                    </Button>
                  ) : undefined
                }
              />
            ) : (
              <>
                <div className="only-wide">
                  <Table<PollRow>
                    rowKey="number"
                    columns={columns}
                    dataSource={rows}
                    pagination={false}
                    sticky={{ offsetHeader: 56 }}
                    tableLayout="fixed"
                    scroll={{ x: 980 }}
                  />
                </div>
                <div className="only-narrow">
                  <Cards rows={rows} />
                </div>
                <LoadMore pages={pages} />
              </>
            )
          }
        </Loaded>
      </div>
    </div>
  );
}

const columns: TableColumnsType<PollRow> = [
  { title: "表决", key: "title", render: (_, p) => <Title of={p} /> },
  { title: "状态", key: "state", width: 132, render: (_, p) => <State of={p} /> },
  { title: "表决期", key: "window", width: 164, render: (_, p) => <Window of={p} /> },
  { title: "参与", key: "turnout", width: 130, render: (_, p) => <TurnoutOf of={p} /> },
  { title: "还能通过吗", key: "chance", width: 260, render: (_, p) => <Chance of={p} /> },
  { title: "下一步", key: "next", width: 190, render: (_, p) => <Next of={p} /> },
];

/** The same list for a phone. */
function Cards({ rows }: { rows: PollRow[] }) {
  return (
    <ul>
      {rows.map((p) => (
        <li key={p.number} className="poll-card">
          <Title of={p} />
          <State of={p} />
          <div className="poll-card-two">
            <div>
              <span className="poll-label">表决期</span>
              <Window of={p} />
            </div>
            <div>
              <span className="poll-label">参与</span>
              <TurnoutOf of={p} />
            </div>
          </div>
          <Chance of={p} />
          <div>
            <span className="poll-label">下一步</span>
            <Next of={p} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Title({ of: p }: { of: PollRow }) {
  return (
    <div className="cell-title">
      <Link to={`/polls/${encodeURIComponent(p.number)}`}>{projectWords(p)}</Link>
      <span className="muted num">
        {p.number} · {p.unit_name}
      </span>
    </div>
  );
}

function State({ of: p }: { of: PollRow }) {
  const [words, tone] = pollStates[p.state] ?? [p.state, "grey"];
  return <span className={`tag tag-${tone}`}>{words}</span>;
}

function Window({ of: p }: { of: PollRow }) {
  if (!p.opens || !p.closes) {
    return <span className="muted">{p.platform ? "以官方平台为准" : "尚未确定"}</span>;
  }
  return (
    <span className="num">
      {shortDay(dayOf(p.opens))} 起
      <br />
      {shortDay(lastDay(p.closes))} 止{p.extended > 0 && <span className="tag tag-yellow">已延期</span>}
    </span>
  );
}

function TurnoutOf({ of: p }: { of: PollRow }) {
  const { turnout: t } = p;
  if (p.platform) {
    return <span className="muted">在官方平台</span>;
  }
  if (t.voters === 0) {
    return <span className="muted">清册未确定</span>;
  }
  return (
    <span className="num">
      {grouped(t.ballots)}/{grouped(t.voters)} 票
      <br />
      <span className="muted">{t.heads_percent}</span>
    </span>
  );
}

function Chance({ of: p }: { of: PollRow }) {
  const [words, tone] = p.result
    ? [p.result, p.result === "通过" ? "accent" : "yellow"]
    : (chanceWords[p.prospects.certain ? `${p.prospects.chance}!` : p.prospects.chance] ?? ["", "grey"]);
  return (
    <div className="poll-chance">
      <span className={`tag tag-${tone}`}>{words}</span>
      <span className="muted">{p.prospects.text}</span>
    </div>
  );
}

function Next({ of: p }: { of: PollRow }) {
  const { next } = p;
  const now = useNow();
  if (!next.who && !next.title) {
    const running = next.state === "running" || next.state === "executing";
    return <span className="muted">{running ? "公示或等待期内，到期自动继续" : "无需等待"}</span>;
  }
  return (
    <div className="poll-next">
      <span>
        {next.who}
        {next.title ? `：${next.title}` : ""}
      </span>
      {p.state === "open" && p.closes ? (
        <span>{leftUntil(p.closes, now)}</span>
      ) : (
        next.day && <DueTag day={next.day} card={next.card} />
      )}
    </div>
  );
}
