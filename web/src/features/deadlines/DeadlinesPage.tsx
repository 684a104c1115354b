import { Segmented } from "antd";
import type { DueBoard } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { UnitSelect } from "../../components/UnitSelect";
import { useFilters } from "../../components/useFilters";
import { compact, oneOf } from "../../lib/filters";
import { type BoardFilter, useBoard } from "./api";
import { boardWords } from "./board";
import { CellDrawer } from "./CellDrawer";
import { Grid } from "./Grid";
import "./deadlines.css";

const spans = ["7", "14", "30"] as const;

/** What falls due in the next days, and where? */
export function Component() {
  const [search, set] = useFilters();
  const days = oneOf(search.get("days"), spans) ?? "14";
  const filter: BoardFilter = { days: Number(days), ...compact({ unit: search.get("unit") ?? undefined }) };
  const board = useBoard(filter);
  const column = search.get("column");
  const holder = search.get("holder") ?? undefined;
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>期限看板</h1>
          <p className="muted">在办待办按到期日排列，一件待办只在一格里。</p>
        </div>
      </div>
      <search className="filters" aria-label="筛选期限">
        <Segmented
          aria-label="看多少天"
          value={days}
          onChange={(n) => set({ days: n === "14" ? undefined : n })}
          options={spans.map((n) => ({ value: n, label: `${n} 天` }))}
        />
        <UnitSelect label="单位（含下级）" placeholder="全部单位" value={filter.unit} onChange={(unit) => set({ unit })} width={200} />
      </search>
      <Loaded query={board} rows={8}>
        {(b) => <Board of={b} open={(cell) => set({ column: cell.column, holder: cell.holder })} clear={() => set({ unit: undefined })} />}
      </Loaded>
      {column && (
        <CellDrawer
          filter={filter}
          cell={{ column, holder }}
          name={board.data?.units.find((u) => u.unit === holder)?.name ?? ""}
          onClose={() => set({ column: undefined, holder: undefined })}
        />
      )}
    </div>
  );
}

interface BoardProps {
  of: DueBoard;
  open: (cell: { column: string; holder?: string }) => void;
  clear: () => void;
}

function Board({ of: b, open, clear }: BoardProps) {
  return (
    <>
      <p className="sentence-large" role="status">
        {boardWords(b)}
      </p>
      {b.units.length === 0 ? (
        <div className="panel">
          <EmptyState
            title="没有在办的待办"
            hint="这里列出您所在单位及下级单位手上的待办，各在哪天到期。换一个单位，或看看办件列表。"
            action={
              <button type="button" className="link-button" onClick={clear}>
                看全部单位
              </button>
            }
          />
        </div>
      ) : (
        <Grid board={b} open={open} />
      )}
      <p className="muted">
        「休」是不上班的日子（周末、放假），调休上班的不算。数字下的「黄」「红」是其中得了黄牌、红牌的件数。只列需要有人办的待办，不列公示、投票等等待。窄屏上没有到期的日子不显示。
      </p>
    </>
  );
}
