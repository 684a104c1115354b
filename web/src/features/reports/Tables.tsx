import { Table, type TableColumnsType } from "antd";
import type { ReactNode } from "react";
import type { Figures, KindFigures, StageFigures, UnitFigures, WaitFigures } from "../../api/types";
import { EmptyState } from "../../components/Loaded";
import { cards, share } from "./figures";

interface Row {
  figures: Figures;
}

/** What every row of figures shows; of nothing there are none. */
function columns<T extends Row>(late?: (row: T) => string): TableColumnsType<T> {
  const number = (key: "median" | "p90" | "longest") => (_: unknown, r: T) =>
    r.figures.count === 0 ? "—" : r.figures[key];
  return [
    { title: "办结", key: "count", width: 76, align: "right", render: (_, r) => r.figures.count },
    { title: "中位数", key: "median", width: 84, align: "right", render: number("median") },
    { title: "P90", key: "p90", width: 72, align: "right", render: number("p90") },
    {
      title: "超期",
      key: "late",
      width: 150,
      align: "right",
      render: (_, r) => (
        <>
          {share(r.figures.late, r.figures.dated, r.figures.late_percent)}
          {late?.(r) && <span className="report-sub">{late(r)}</span>}
        </>
      ),
    },
    {
      title: "退回",
      key: "returned",
      width: 110,
      align: "right",
      render: (_, r) => share(r.figures.returned, r.figures.count, r.figures.returned_percent),
    },
    { title: "红牌、黄牌", key: "cards", width: 110, align: "right", render: (_, r) => cards(r.figures) },
  ];
}

/** The same on a narrow screen: each row is a card. */
function Cards({ rows }: { rows: { key: string; title: ReactNode; sub?: string; figures: Figures; late?: string }[] }) {
  return (
    <ul className="report-cards only-narrow">
      {rows.map(({ key, title, sub, figures: f, late }) => (
        <li key={key}>
          <span className="report-name">{title}</span>
          {sub && <span className="report-sub">{sub}</span>}
          <span className="num">
            {f.count === 0
              ? "期内没有办结"
              : `办结 ${f.count} 件，中位数 ${f.median}，P90 ${f.p90}；超期 ${share(f.late, f.dated, f.late_percent)}，退回 ${share(f.returned, f.count, f.returned_percent)}`}
            {f.red + f.yellow > 0 && `；${cards(f)}`}
          </span>
          {late && <span className="report-late">{late}</span>}
        </li>
      ))}
    </ul>
  );
}

const overdue = (u: UnitFigures) => (u.overdue_now > 0 ? `此刻超期未办 ${u.overdue_now} 件` : "");

const period = (s: StageFigures) =>
  `${s.limit ? `期限 ${s.limit}${s.shared ? "（共用时钟）" : ""}` : "没有固定期限"}，最长 ${s.figures.longest}`;

/** Each stage, and each unit in it. */
export function StageTable({ of: k }: { of: KindFigures }) {
  const rows = k.stages.filter((s) => s.figures.count > 0);
  return (
    <>
      <Table<StageFigures>
        className="num only-wide"
        rowKey="stage"
        dataSource={rows}
        pagination={false}
        size="small"
        expandable={{
          rowExpandable: (s) => s.units.length > 0,
          expandedRowRender: (s) => <UnitTable rows={s.units} />,
        }}
        columns={[
          {
            title: "环节（工作日）",
            key: "title",
            render: (_, s) => (
              <>
                {s.title}
                <span className="report-sub">{period(s)}</span>
              </>
            ),
          },
          ...columns<StageFigures>(),
        ]}
      />
      <Cards rows={rows.map((s) => ({ key: s.stage, title: s.title, sub: period(s), figures: s.figures }))} />
    </>
  );
}

/** The units in the order of the tree: nobody is ranked. */
export function UnitTable({ rows }: { rows: UnitFigures[] }) {
  return (
    <>
      <Table<UnitFigures>
        className="num only-wide"
        rowKey="unit"
        dataSource={rows}
        pagination={false}
        size="small"
        columns={[
          {
            title: "单位（工作日）",
            key: "name",
            render: (_, u) => (
              <>
                {u.name}
                {u.above && <span className="report-sub">{u.above}</span>}
              </>
            ),
          },
          ...columns<UnitFigures>(overdue),
        ]}
      />
      <Cards rows={rows.map((u) => ({ key: u.unit, title: u.name, sub: u.above, figures: u.figures, late: overdue(u) }))} />
    </>
  );
}

export function WaitTable({ rows }: { rows: WaitFigures[] }) {
  if (rows.length === 0) {
    return (
      <EmptyState
        title="期内没有结束的外部等待"
        hint="等评审、鉴定、调解等外部结果，或等申请单位补正的时间，结束后列在这里。"
      />
    );
  }
  return (
    <Table<WaitFigures>
      className="num"
      rowKey="court"
      dataSource={rows}
      pagination={false}
      size="small"
      columns={[
        { title: "等谁（工作日）", key: "court", render: (_, w) => w.court },
        { title: "次数", key: "count", width: 64, align: "right", render: (_, w) => w.count },
        { title: "合计", key: "days", width: 68, align: "right", render: (_, w) => w.days },
        { title: "中位数", key: "median", width: 76, align: "right", render: (_, w) => w.median },
        { title: "P90", key: "p90", responsive: ["md"], width: 72, align: "right", render: (_, w) => w.p90 },
        { title: "最长", key: "longest", responsive: ["md"], width: 72, align: "right", render: (_, w) => w.longest },
      ]}
    />
  );
}
