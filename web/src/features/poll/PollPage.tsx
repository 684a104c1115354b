import { Button, Tabs } from "antd";
import { Link, useParams } from "react-router";
import type { Board } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { useFilters } from "../../components/useFilters";
import { oneOf } from "../../lib/filters";
import { pollStates } from "../../lib/votes";
import { useBoard } from "./api";
import { BallotsTab } from "./BallotsTab";
import { Answer } from "./Forecast";
import { Objections } from "./Objections";
import { Overview } from "./Overview";
import { RollTab } from "./RollTab";
import { VisitsTab } from "./VisitsTab";
import "./poll.css";

const tabs = ["overview", "roll", "ballots", "visits", "objections"] as const;

/** The organiser's board: will it pass, and what is left to do? */
export function Component() {
  const { number = "" } = useParams();
  const query = useBoard(number);
  return (
    <div className="page">
      <Loaded query={query} rows={10}>
        {(board) => <BoardView board={board} />}
      </Loaded>
    </div>
  );
}

function BoardView({ board }: { board: Board }) {
  const { poll } = board;
  const [search, set] = useFilters();
  const tab = oneOf(search.get("tab"), tabs) ?? "overview";
  const [state, tone] = pollStates[poll.state] ?? [poll.state, "grey"];
  const href = `/cases/${encodeURIComponent(poll.number)}`;
  return (
    <>
      <div className="page-head">
        <div className="grow">
          <p className="muted num">
            <Link to={href}>办件 {poll.number}</Link> / 表决板
          </p>
          <h1>{poll.title}</h1>
          <p className="row case-meta">
            <span className={`tag tag-${tone}`}>{state}</span>
            <span className="muted">
              {poll.estate} · {poll.rule.title}
            </span>
          </p>
        </div>
        <Printing board={board} />
      </div>
      <Answer board={board} />
      <Tabs
        activeKey={tab}
        onChange={(key) => set({ tab: key === "overview" ? undefined : key, building: undefined, text: undefined })}
        items={[
          { key: "overview", label: "总览", children: <Overview board={board} /> },
          { key: "roll", label: "清册", children: <RollTab board={board} /> },
          { key: "ballots", label: "票", children: <BallotsTab board={board} /> },
          { key: "visits", label: "走访", children: <VisitsTab board={board} /> },
          {
            key: "objections",
            label: "结果异议",
            children: <Objections board={board} about="result" />,
          },
        ].map((item) => ({ ...item, destroyOnHidden: true }))}
      />
    </>
  );
}

/** What goes on paper. What cannot be printed yet stays visible and says why. */
function Printing({ board: { poll, may } }: { board: Board }) {
  const base = `/polls/${encodeURIComponent(poll.number)}`;
  const things = [
    { to: "letters", label: "投票口令信", ok: may.letters, why: "清册确定以后、表决结束以前，由组织单位打印" },
    { to: "sheets", label: "表决票", ok: may.letters, why: "清册确定以后、表决结束以前，由组织单位打印" },
    { to: "tally", label: "计票表", ok: Boolean(poll.result), why: "计票以后才能打印" },
  ];
  return (
    <div className="row">
      {things.map((t) =>
        t.ok ? (
          <Link key={t.to} to={`${base}/${t.to}`}>
            <Button>打印{t.label}</Button>
          </Link>
        ) : (
          <Button
            key={t.to}
            className="button-off"
            aria-disabled
            title={t.why}
            aria-label={`打印${t.label}，不能使用：${t.why}`}
          >
            打印{t.label}
          </Button>
        ),
      )}
    </div>
  );
}
