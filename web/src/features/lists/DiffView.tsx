import type { ItemChange, ListItem } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { listKinds } from "../../lib/names";
import { useDiff } from "./api";
import { changesOf } from "./changes";
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
            <p className="muted">
              {from} 版是原来的，{to} 版是现在的。
            </p>
            {ops.map((o) => (
              <Changes key={o.op} title={o.title} sign={o.sign} changes={diff.changes.filter((c) => c.op === o.op)} />
            ))}
          </div>
        )
      }
    </Loaded>
  );
}

function Changes({ title, sign, changes }: { title: string; sign: string; changes: ItemChange[] }) {
  if (changes.length === 0) {
    return null;
  }
  return (
    <section>
      <h3>
        {title} {changes.length} 项
      </h3>
      <ul>
        {changes.map((c) => (
          <li key={c.no} className="diff-item">
            <span className="diff-sign num" aria-hidden>
              {sign}
            </span>
            <Change change={c} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Both values of a changed item, field by field; an added or removed item as it is or was. */
function Change({ change: { old, new: now } }: { change: ItemChange }) {
  if (old && now) {
    return (
      <div>
        <Title item={now} />
        <dl className="diff-fields">
          {changesOf(old, now).map((f) => (
            <div key={f.label}>
              <dt>{f.label}</dt>
              <dd>
                <span className="visually-hidden">原来：</span>
                <del>{f.old}</del>
              </dd>
              <dd>
                <span className="visually-hidden">现在：</span>
                <ins>{f.new}</ins>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    );
  }
  if (now) {
    return <Whole item={now} />;
  }
  return old ? (
    <del className="diff-gone">
      <Whole item={old} />
    </del>
  ) : null;
}

function Title({ item }: { item: ListItem }) {
  return (
    <p>
      <span className="tag tag-grey">{listKinds[item.kind] ?? item.kind}</span> 第 {item.no} 项{" "}
      <strong>{item.title}</strong>
    </p>
  );
}

function Whole({ item }: { item: ListItem }) {
  return (
    <div>
      <Title item={item} />
      <p>{item.part}</p>
      <p className="muted">
        {[item.department, item.frequency, item.basis].filter(Boolean).join(" · ")} <Admitted item={item} />
      </p>
    </div>
  );
}
