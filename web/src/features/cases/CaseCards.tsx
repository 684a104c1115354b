import { Link } from "react-router";
import type { Case } from "../../api/types";
import { StateTag } from "../../components/Tags";
import { Left, Who } from "./CaseTable";

/** The same list for a phone. */
export function CaseCards({ rows }: { rows: Case[] }) {
  return (
    <ul className="case-cards">
      {rows.map((c) => (
        <li key={c.number} className="case-card">
          <p className="cell-title">
            <Link to={`/cases/${encodeURIComponent(c.number)}`}>{c.title}</Link>
            <span className="muted num">
              {c.number} · {c.unit_name}
            </span>
          </p>
          <p className="row">
            <StateTag state={c.state} />
            {!c.closed_at && <span className="muted">{c.segment}</span>}
          </p>
          <div className="case-card-two">
            <div>
              <span className="task-label">等谁</span>
              <Who of={c} />
            </div>
            <div>
              <span className="task-label">还剩</span>
              <Left of={c} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
