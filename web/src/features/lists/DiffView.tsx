import type { ListChange } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { listKinds } from "../../lib/names";
import { useDiff } from "./api";
import { Admitted } from "./ItemTable";

const ops = [
  { op: "add", title: "新增", sign: "+" },
  { op: "change", title: "修改", sign: "±" },
  { op: "remove", title: "移出", sign: "−" },
];

/** What changed between two versions: added, changed, removed. */
export function DiffView({ district, from, to }: { district: string; from: string; to: string }) {
  const query = useDiff(district, from, to, true);
  return (
    <Loaded query={query} rows={5}>
      {(diff) =>
        diff.changes.length === 0 ? (
          <EmptyState title={`${from} 与 ${to} 没有差别`} hint="可以换一个版本对比。" />
        ) : (
          <div className="diff">
            {ops.map((o) => (
              <Changes key={o.op} title={o.title} sign={o.sign} changes={diff.changes.filter((c) => c.op === o.op)} />
            ))}
          </div>
        )
      }
    </Loaded>
  );
}

function Changes({ title, sign, changes }: { title: string; sign: string; changes: ListChange[] }) {
  if (changes.length === 0) {
    return null;
  }
  return (
    <section>
      <h3>
        {title} {changes.length} 项
      </h3>
      <ul>
        {changes.map(({ item }) => (
          <li key={item.no} className="diff-item">
            <span className="diff-sign num" aria-hidden>
              {sign}
            </span>
            <div>
              <p>
                <span className="tag tag-grey">{listKinds[item.kind] ?? item.kind}</span> 第 {item.no} 项{" "}
                <strong>{item.title}</strong>
              </p>
              <p>{item.part}</p>
              <p className="muted">
                {[item.department, item.frequency, item.basis].filter(Boolean).join(" · ")} <Admitted item={item} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
