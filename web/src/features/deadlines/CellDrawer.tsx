import { Drawer } from "antd";
import { Link } from "react-router";
import type { DueTask } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { DueTag, HolderTag } from "../../components/Tags";
import { type BoardFilter, type CellChoice, useCell } from "./api";
import { columnWords } from "./board";

interface Props {
  filter: BoardFilter;
  cell: CellChoice;
  /** Of the unit; empty for all. */
  name: string;
  onClose: () => void;
}

/** The tasks of one cell. It lies in the address, so that a link shows the same. */
export function CellDrawer({ filter, cell, name, onClose }: Props) {
  const pages = useCell(filter, cell);
  const title = [name, columnWords(cell.column)].filter(Boolean).join("：");
  return (
    <Drawer open onClose={onClose} title={title} size={560} destroyOnHidden>
      <Loaded query={pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="这一格现在没有待办" hint="可能刚刚办了，或者期限改了。关上再看看板。" />
          ) : (
            <>
              <ul className="due-tasks">
                {rows.map((t) => (
                  <TaskLine key={t.id} of={t} />
                ))}
              </ul>
              <LoadMore pages={pages} />
            </>
          )
        }
      </Loaded>
    </Drawer>
  );
}

function TaskLine({ of: t }: { of: DueTask }) {
  return (
    <li>
      <div className="cell-title">
        <Link to={`/cases/${encodeURIComponent(t.case)}`}>{t.case_title}</Link>
        <span className="muted num">
          {t.case} · {t.kind_name}
        </span>
      </div>
      <dl className="pairs due-pairs">
        <dt>环节</dt>
        <dd>
          {t.title}
          {t.subject ? `（${t.subject}）` : ""}
        </dd>
        <dt>等谁</dt>
        <dd>
          <HolderTag holder={t.holder} /> {t.unmanned && <span className="tag tag-yellow">岗位空缺</span>}
        </dd>
        <dt>还剩</dt>
        <dd>
          <DueTag day={t.day} card={t.card} paused={t.paused} />
        </dd>
        {t.basis.text && (
          <>
            <dt>依据</dt>
            <dd>{t.basis.text}</dd>
          </>
        )}
      </dl>
    </li>
  );
}
