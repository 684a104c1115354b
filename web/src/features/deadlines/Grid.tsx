import type { DueBoard, DueUnit } from "../../api/types";
import { type Column, cellOf, cellWords, columnsOf, columnWords } from "./board";

interface Props {
  board: DueBoard;
  open: (cell: { column: string; holder?: string }) => void;
}

/** Units by days. On a narrow screen it scrolls within itself, the unit stays. */
export function Grid({ board, open }: Props) {
  const columns = columnsOf(board);
  return (
    <section className="panel due-grid-wrap" aria-label="各单位的期限">
      <table className="due-grid">
        <thead>
          <tr>
            <th scope="col" className="due-unit">
              单位
            </th>
            {columns.map((c) => (
              <th key={c.key} scope="col" className={headClass(c, board.today)}>
                <span aria-hidden>
                  {c.title}
                  <span className="due-note">{c.note}</span>
                </span>
                <span className="visually-hidden">
                  {columnWords(c.key)}
                  {c.off ? "，休息日" : ""}
                </span>
              </th>
            ))}
            <th scope="col">合计</th>
          </tr>
        </thead>
        <tbody>
          {board.units.map((u) => (
            <Row key={u.unit} of={u} columns={columns} today={board.today} open={open} />
          ))}
        </tbody>
        <tfoot>
          <Row of={board.total} columns={columns} today={board.today} open={open} />
        </tfoot>
      </table>
    </section>
  );
}

function headClass(c: Column, today: string): string {
  return [c.off ? "due-off" : "", c.key === today ? "due-today" : c.empty ? "due-empty" : ""].filter(Boolean).join(" ");
}

interface RowProps {
  of: DueUnit;
  columns: Column[];
  today: string;
  open: Props["open"];
}

function Row({ of: u, columns, today, open }: RowProps) {
  return (
    <tr>
      <th scope="row" className="due-unit">
        {u.name}
        {u.above && <span className="due-note">{u.above}</span>}
      </th>
      {columns.map((c) => {
        const cell = cellOf(u, c.key);
        return (
          <td key={c.key} className={headClass(c, today)}>
            {cell && (
              <button
                type="button"
                className={c.key === "overdue" ? "due-cell due-cell-late" : "due-cell"}
                aria-label={`${u.name}，${columnWords(c.key)} ${cellWords(cell)}`}
                onClick={() => open({ column: c.key, holder: u.unit || undefined })}
              >
                <span className="num">{cell.count}</span>
                {cell.yellow > 0 && <span className="due-card due-card-yellow">黄 {cell.yellow}</span>}
                {cell.red > 0 && c.key !== "overdue" && <span className="due-card due-card-red">红 {cell.red}</span>}
              </button>
            )}
          </td>
        );
      })}
      <td className="num due-sum">{u.count}</td>
    </tr>
  );
}
