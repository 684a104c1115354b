import { Button } from "antd";
import { Link } from "react-router";
import type { Hit } from "../../api/types";
import { Failure } from "../../components/Loaded";
import { SearchField } from "../../components/SearchField";
import { listKinds } from "../../lib/names";
import { useProcedures } from "../launch/api";
import { useListSearch } from "./api";
import { verdictOf } from "./verdict";

interface Props {
  district: string;
  q: string;
  onAsk: (q: string | undefined) => void;
}

/** The question first: a few words about the work, and the answer from the three lists. */
export function ListQuestion({ district, q, onAsk }: Props) {
  const search = useListSearch(district, q);
  const refusal = useProcedures().data?.find((p) => p.kind === "refusal" && p.may_start);
  return (
    <section className="panel panel-pad question" aria-labelledby="question-title">
      <h2 id="question-title">这件事可以要求社区做吗？</h2>
      <SearchField
        value={q}
        onSearch={onAsk}
        placeholder="用几个字描述这件工作，例如：统计商户扫码率"
        label="描述这件工作"
        width="100%"
        size="large"
      />
      <div aria-live="polite">
        {q && search.error ? <Failure error={search.error} onRetry={() => search.refetch()} /> : null}
        {q && search.data ? <Answer hits={search.data} /> : null}
      </div>
      {refusal && (
        <p className="row">
          <Link to={`/launch/refusal${q ? `?title=${encodeURIComponent(q)}` : ""}`}>
            <Button type="primary" danger>
              拒绝这项工作并出具回执
            </Button>
          </Link>
          <span className="muted">未经准入的工作，社区可以拒绝；回执同时抄送准入办和督查。</span>
        </p>
      )}
    </section>
  );
}

function Answer({ hits }: { hits: Hit[] }) {
  const verdict = verdictOf(hits.map((h) => h.kind));
  return (
    <div className={`verdict verdict-${verdict.is}`}>
      <p>
        <strong>{verdict.title}</strong>
      </p>
      <p>{verdict.text}</p>
      {hits.length > 0 && (
        <ul className="hits">
          {hits.map((h) => (
            <li key={h.item.no}>
              <span className={`tag ${h.kind === "negative" ? "tag-yellow" : "tag-grey"}`}>
                {listKinds[h.kind] ?? h.kind}
              </span>{" "}
              第 {h.item.no} 项 {h.item.title}
              <span className="muted">，相同的词：{h.words.join("、")}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
