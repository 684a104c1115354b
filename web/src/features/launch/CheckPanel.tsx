import { CheckCircleOutlined, CloseCircleOutlined, ExclamationCircleOutlined } from "@ant-design/icons";
import type { Check, Finding } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { shortDay } from "../../lib/dates";
import { formatYuan } from "../../lib/money";
import { listKinds } from "../../lib/names";

const icons = {
  block: <CloseCircleOutlined aria-label="须处理" className="finding-block" />,
  warn: <ExclamationCircleOutlined aria-label="请注意" className="finding-warn" />,
  ok: <CheckCircleOutlined aria-label="符合" className="finding-ok" />,
};
const order = { block: 0, warn: 1, ok: 2 };

interface Props {
  check: { data: Check | undefined; error: unknown; isPending: boolean; isFetching: boolean; refetch: () => unknown };
}

/** The running check: what stands against the form, what the lists say, the money, and who will act when. */
export function CheckPanel({ check }: Props) {
  return (
    <aside className="check" aria-label="校核结果" aria-busy={check.isFetching}>
      <Loaded query={check} rows={6}>
        {(result) => (
          <>
            <section className="panel panel-pad stack">
              <h2>校核</h2>
              <ul className="findings" aria-live="polite">
                {[...result.findings]
                  .sort((a, b) => order[a.level] - order[b.level])
                  .map((f) => (
                    <FindingItem key={f.code + (f.field ?? "") + f.message} finding={f} />
                  ))}
              </ul>
            </section>
            {result.hits.length > 0 && <Hits hits={result.hits} />}
            {result.money && (
              <section className="panel panel-pad stack">
                <h2>经费</h2>
                <dl className="pairs">
                  <dt>每个社区</dt>
                  <dd className="num">{formatYuan(result.money.per_community_fen)} 元</dd>
                  <dt>合计</dt>
                  <dd className="num">
                    <strong>{formatYuan(result.money.total_fen)} 元</strong>
                  </dd>
                </dl>
              </section>
            )}
            {result.plan.length > 0 && <Plan plan={result.plan} />}
          </>
        )}
      </Loaded>
    </aside>
  );
}

function FindingItem({ finding: f }: { finding: Finding }) {
  return (
    <li className="finding">
      {icons[f.level]}
      <span>{f.message}</span>
    </li>
  );
}

function Hits({ hits }: { hits: Check["hits"] }) {
  return (
    <section className="panel panel-pad stack">
      <h2>与清单对照</h2>
      <ul className="stack">
        {hits.map((h) => (
          <li key={h.item.no}>
            <p>
              <span className={`tag ${h.kind === "negative" ? "tag-yellow" : "tag-grey"}`}>
                {listKinds[h.kind] ?? h.kind}
              </span>{" "}
              第 {h.item.no} 项 {h.item.title}
            </p>
            <p className="muted">相同的词：{h.words.join("、")}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Plan({ plan }: { plan: Check["plan"] }) {
  return (
    <section className="panel panel-pad stack">
      <h2>如果现在提交</h2>
      <p className="muted">按每一步用足期限推算，实际可能更早。</p>
      <ol className="plan">
        {plan.map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stage may come twice in a plan, its place is what it is
          <li key={i}>
            <p>
              <strong>{p.title}</strong>
            </p>
            <p className="muted">
              {p.who.join("、") || "待确定"}
              {p.due_day ? `，${shortDay(p.due_day)}前` : ""}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
