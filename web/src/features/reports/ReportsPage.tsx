import { DownloadOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import type { Performance } from "../../api/types";
import { useToday } from "../../app/now";
import { EmptyState, Loaded } from "../../components/Loaded";
import { UnitSelect } from "../../components/UnitSelect";
import { useFilters } from "../../components/useFilters";
import { shortDay } from "../../lib/dates";
import { compact } from "../../lib/filters";
import { useProcedures } from "../launch/api";
import { type ReportFilter, usePerformance, workbookLink } from "./api";
import { isPeriod, quarters, recentMonths, summary } from "./figures";
import { StageMap } from "./StageMap";
import { StageTable, UnitTable, WaitTable } from "./Tables";
import "./reports.css";

/** How long do the stages take, and where does it take too long? */
export function Component() {
  const [search, set] = useFilters();
  const today = useToday();
  const quarter = quarters(today)[0] ?? { from: today, to: today };
  const [from, to] = [search.get("from"), search.get("to")];
  const chosen = isPeriod(from, to);
  const filter: ReportFilter = {
    from: chosen && from ? from : quarter.from,
    to: chosen && to ? to : quarter.to,
    ...compact({ kind: search.get("kind") ?? undefined, unit: search.get("unit") ?? undefined }),
  };
  const report = usePerformance(filter);
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>效能报表</h1>
          <p className="muted">
            {shortDay(filter.from, "")}至{shortDay(filter.to, "")}，各环节、各单位用了多少个工作日。不排名，不含个人。
          </p>
        </div>
        <Button icon={<DownloadOutlined aria-hidden />} href={workbookLink(filter)} download>
          导出 Excel
        </Button>
      </div>
      <Filters filter={filter} today={today} set={set} />
      <Loaded query={report} rows={8}>
        {(r) => <Report of={r} />}
      </Loaded>
    </div>
  );
}

interface FiltersProps {
  filter: ReportFilter;
  today: string;
  set: (changes: Record<string, string | undefined>) => void;
}

function Filters({ filter, today, set }: FiltersProps) {
  const kinds = useProcedures();
  const groups = [
    { label: "季度", options: quarters(today) },
    { label: "月", options: recentMonths(today) },
  ];
  const value = `${filter.from}/${filter.to}`;
  const options = groups.map((g) => ({
    label: g.label,
    options: g.options.map((p) => ({ value: `${p.from}/${p.to}`, label: p.title })),
  }));
  const known = options.some((g) => g.options.some((o) => o.value === value));
  const other = { label: "其他", options: [{ value, label: `${filter.from} 至 ${filter.to}` }] };
  return (
    <search className="filters" aria-label="筛选报表">
      <Select
        aria-label="期间"
        value={value}
        onChange={(v) => {
          const [from, to] = v.split("/");
          set({ from, to });
        }}
        style={{ width: 200 }}
        options={known ? options : [...options, other]}
      />
      <Select
        aria-label="事项"
        value={filter.kind ?? ""}
        onChange={(kind) => set({ kind: kind || undefined })}
        style={{ width: 170 }}
        options={[{ value: "", label: "全部事项" }, ...(kinds.data ?? []).map((k) => ({ value: k.kind, label: k.name }))]}
      />
      <UnitSelect label="单位（含下级）" placeholder="全部单位" value={filter.unit} onChange={(unit) => set({ unit })} width={200} />
    </search>
  );
}

function Report({ of: r }: { of: Performance }) {
  const overdue = r.units.reduce((n, u) => n + u.overdue_now, 0);
  return (
    <>
      <p className="sentence-large" role="status">
        {summary(r.figures, overdue)}
      </p>
      {r.kinds.length === 0 && (
        <div className="panel">
          <EmptyState
            title="这段时间没有办结的待办"
            hint="这里列出期内办结的待办用了多少个工作日，按环节和单位。换一个期间、事项或单位。"
          />
        </div>
      )}
      {r.kinds.map((k) => (
        <section key={k.kind} className="panel report-kind" aria-labelledby={`kind-${k.kind}`}>
          <h2 id={`kind-${k.kind}`}>
            {k.name} <span className="count">办结 {k.figures.count} 件</span>
          </h2>
          <StageMap of={k} />
          <StageTable of={k} />
        </section>
      ))}
      {r.units.length > 0 && (
        <section className="panel report-kind" aria-labelledby="report-units">
          <h2 id="report-units">各单位</h2>
          <UnitTable rows={r.units} />
        </section>
      )}
      <section className="panel report-kind" aria-labelledby="report-waits">
        <h2 id="report-waits">等待外部</h2>
        <WaitTable rows={r.waits} />
      </section>
      <Notes />
    </>
  );
}

/** The workbook says the same. */
function Notes() {
  return (
    <section className="panel panel-pad report-notes" aria-labelledby="report-notes">
      <h2 id="report-notes">怎么算的</h2>
      <ul>
        <li>时长按工作日计：收到当日不计，办结当日计入，当日办结为 0；时钟暂停的工作日不计。</li>
        <li>只计期内办结（含逾期未反馈）的待办，一家办一次算一件；转办的计在最后办理的单位；撤销、终止而没有答复的不计。</li>
        <li>中位数、P90 是实际发生过的时长：至少 50%、90% 的件不超过它。件数少时只反映个别几件。</li>
        <li>超期占比以有期限的件为分母，百分数舍去小数。黄牌、红牌按每件得过的最重的一张计。</li>
        <li>环节图的颜色是中位数占该环节现行期限的比例；共用时钟的环节与别的环节合用一个期限，比例只作参考。</li>
        <li>单位按编制次序排列，不按快慢排名。「此刻超期未办」是打开页面时的在办件，不限期间和事项。</li>
      </ul>
    </section>
  );
}
