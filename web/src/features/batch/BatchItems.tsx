import { Select } from "antd";
import { Link } from "react-router";
import type { Batch, BatchItem } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { useFilters } from "../../components/useFilters";
import { oneOf } from "../../lib/filters";
import { useBatchItems } from "./api";
import { itemStateNames, itemStates } from "./batch";

/** Each case with what will happen to it and why, or what has. */
export function BatchItems({ batch }: { batch: Batch }) {
  const [search, set] = useFilters();
  const state = oneOf(search.get("state"), itemStateNames);
  const pages = useBatchItems(batch, state);
  return (
    <section className="panel" aria-labelledby="batch-items">
      <div className="batch-items-head">
        <h2 id="batch-items">逐件</h2>
        <Select
          aria-label="按结果筛选"
          value={state ?? ""}
          onChange={(v: string) => set({ state: v || undefined })}
          style={{ width: 160 }}
          options={[
            { value: "", label: `全部 ${batch.counts.total} 件` },
            ...itemStateNames.map((s) => ({ value: s, label: `${itemStates[s][0]} ${batch.counts[s]} 件` })),
          ]}
        />
      </div>
      <Loaded query={pages} rows={6}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="没有这种结果的办件" />
          ) : (
            <>
              <ul>
                {rows.map((it) => (
                  <Item key={it.n} of={it} />
                ))}
              </ul>
              <LoadMore pages={pages} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function Item({ of: it }: { of: BatchItem }) {
  const [word, tone] = itemStates[it.state];
  return (
    <li className="batch-item">
      <div className="cell-title">
        <Link to={`/cases/${encodeURIComponent(it.case)}`}>{it.title || it.case}</Link>
        <span className="muted num">{it.case}</span>
      </div>
      <div>
        <span className={`tag tag-${tone}`}>{word}</span>
      </div>
      <p>{it.text || it.plan}</p>
    </li>
  );
}
