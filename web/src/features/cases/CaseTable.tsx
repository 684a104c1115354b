import { Button, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Case } from "../../api/types";
import { DueTag, StateTag } from "../../components/Tags";
import { moment } from "../../lib/dates";
import { CaseDrawer } from "./CaseDrawer";

/** Seven columns at most; the rest is in the drawer of the row. */
export function CaseTable({ rows }: { rows: Case[] }) {
  const [open, setOpen] = useState<Case>();
  const columns: TableColumnsType<Case> = [
    {
      title: "办件",
      key: "title",
      render: (_, c) => (
        <div className="cell-title">
          <Link to={`/cases/${encodeURIComponent(c.number)}`}>{c.title}</Link>
          <span className="muted num">
            {c.number} · {c.kind_name}
          </span>
        </div>
      ),
    },
    {
      title: "状态",
      key: "state",
      width: 128,
      render: (_, c) => (
        <div className="cell-state">
          <StateTag state={c.state} />
          {!c.closed_at && <span className="muted">{c.segment}</span>}
        </div>
      ),
    },
    { title: "等谁", key: "who", width: 180, render: (_, c) => <Who of={c} /> },
    { title: "还剩", key: "due", width: 156, render: (_, c) => <Left of={c} /> },
    { title: "发起单位", key: "unit", width: 150, render: (_, c) => c.unit_name },
    {
      title: "最近变动",
      key: "changed",
      width: 132,
      render: (_, c) => <span className="muted num">{moment(c.changed_at)}</span>,
    },
    {
      title: <span className="visually-hidden">更多</span>,
      key: "more",
      width: 72,
      render: (_, c) => (
        <Button type="link" size="small" onClick={() => setOpen(c)} aria-label={`${c.number} 的更多内容`}>
          详情
        </Button>
      ),
    },
  ];
  return (
    <>
      <Table<Case>
        rowKey="number"
        columns={columns}
        dataSource={rows}
        pagination={false}
        sticky={{ offsetHeader: 56 }}
        tableLayout="fixed"
        scroll={{ x: 980 }}
      />
      <CaseDrawer of={open} onClose={() => setOpen(undefined)} />
    </>
  );
}

export function Who({ of: c }: { of: Case }) {
  if (c.closed_at) {
    return <span className="muted">无需等待</span>;
  }
  if (!c.next_who) {
    return <span className="muted">流程推进中</span>;
  }
  return (
    <span>
      {c.next_who}
      {c.open_tasks > 1 ? <span className="muted who-more">等 {c.open_tasks} 项待办</span> : null}
      {c.unmanned ? <span className="tag tag-yellow">岗位空缺</span> : null}
    </span>
  );
}

export function Left({ of: c }: { of: Case }) {
  return c.closed_at ? (
    <span className="muted">{moment(c.closed_at)} 结束</span>
  ) : (
    <DueTag day={c.next_day} card={c.card} paused={c.paused} />
  );
}
