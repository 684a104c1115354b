import { Button } from "antd";
import { Link } from "react-router";
import type { Incident } from "../../api/types";
import { Sentence } from "../../components/Sentence";
import { moment } from "../../lib/dates";
import { incidentStates, stateWords } from "./incidents";

export function IncidentTag({ of }: { of: Incident }) {
  return <span className={`tag tag-${incidentStates[of.state][1]}`}>{stateWords(of)}</span>;
}

/** The cases of an incident that fit into its line. */
function Cases({ of }: { of: Incident }) {
  if (of.count === 0) {
    return null;
  }
  const [only] = of.cases;
  if (of.count === 1 && only) {
    return (
      <span>
        办件：
        <Link to={`/cases/${encodeURIComponent(only.number)}`}>{only.title || only.number}</Link>
        {only.title && <span className="num"> {only.number}</span>}
      </span>
    );
  }
  const more = of.count - of.cases.length;
  return (
    <span>
      影响 {of.count} 件
      {of.cases.length > 0 && "："}
      {of.cases.map((c, i) => (
        <span key={`${c.number}/${c.task ?? ""}`}>
          {i > 0 && "、"}
          <Link to={`/cases/${encodeURIComponent(c.number)}`} className="num nowrap" title={c.title}>
            {c.number}
          </Link>
        </span>
      ))}
      {more > 0 && of.cases.length > 0 && " 等"}
    </span>
  );
}

/** One cause of standstill: what is wrong, since when, in whose court, against which article, and the way to mend it. */
export function IncidentItem({ of, search }: { of: Incident; search: string }) {
  const to = { pathname: `/ops/${encodeURIComponent(of.id)}`, search };
  const act = of.may.acknowledge || of.may.assign || of.may.resolve;
  return (
    <li className="ops-item">
      <div className="ops-main">
        <Sentence of={of.sentence} />
        <p className="task-meta">
          <IncidentTag of={of} />
          {of.times > 1 && <span className="tag tag-grey">第 {of.times} 次出现</span>}
          <Cases of={of} />
          {of.basis?.text && <span>依据：{of.basis.text}</span>}
        </p>
      </div>
      <div>
        <span className="task-label">在谁处</span>
        <span>{of.court || of.unit_name || "系统"}</span>
      </div>
      <div>
        <span className="task-label">从何时起</span>
        <span className="num">{moment(of.since)}</span>
      </div>
      <div className="task-button">
        <Link to={to} preventScrollReset tabIndex={-1}>
          <Button type={act ? "primary" : "default"} aria-label={`${act ? "处置" : "查看"}：${of.sentence.text}`}>
            {act ? "处置" : "查看"}
          </Button>
        </Link>
      </div>
    </li>
  );
}
