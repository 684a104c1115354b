import { Drawer, Grid } from "antd";
import { useEffect, useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import type { Incident, IncidentDetail } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { Sentence } from "../../components/Sentence";
import { moment } from "../../lib/dates";
import { batchLink } from "../batch/batch";
import { useAffected, useIncident, useOperates } from "./api";
import { Deeds } from "./Deeds";
import { IncidentTag } from "./IncidentItem";
import { kinds } from "./incidents";
import { Remedies } from "./Remedies";

/** One cause with everything about it, beside the list, which stays as it was filtered. */
export function IncidentDrawer({ id }: { id?: string }) {
  const wide = Grid.useBreakpoint().md;
  const navigate = useNavigate();
  const { search } = useLocation();
  // While the drawer slides away it still shows what it showed.
  const [last, setLast] = useState(id);
  useEffect(() => {
    if (id) {
      setLast(id);
    }
  }, [id]);
  const shown = id ?? last;
  return (
    <Drawer
      open={Boolean(id)}
      onClose={() => navigate({ pathname: "/ops", search }, { preventScrollReset: true })}
      size={wide ? 640 : "100%"}
      title="卡点"
      destroyOnHidden
    >
      {shown && <Detail id={shown} key={shown} />}
    </Drawer>
  );
}

function Detail({ id }: { id: string }) {
  const query = useIncident(id);
  return (
    <Loaded query={query} rows={8}>
      {(detail) => (
        <div className="incident">
          <Sentence of={detail.incident.sentence} large />
          <Facts of={detail.incident} />
          <Remedies detail={detail} />
          <Deeds incident={detail.incident} />
          <Affected incident={detail.incident} />
          <History detail={detail} />
        </div>
      )}
    </Loaded>
  );
}

function Facts({ of }: { of: Incident }) {
  return (
    <dl className="pairs">
      <dt>种类</dt>
      <dd>{kinds[of.kind]}</dd>
      <dt>状态</dt>
      <dd>
        <IncidentTag of={of} />{" "}
        {of.missing && of.state !== "resolved" && (
          <span className="muted">{moment(of.missing)} 起已检测不到；持续看不到才算解决</span>
        )}
      </dd>
      <dt>从何时起</dt>
      <dd>{moment(of.since)}</dd>
      <dt>在谁处</dt>
      <dd>{of.court || of.unit_name || "系统"}</dd>
      {of.basis?.text && (
        <>
          <dt>违反</dt>
          <dd>{of.basis.text}</dd>
        </>
      )}
      {of.facts?.error && (
        <>
          <dt>原因</dt>
          <dd className="pre">{of.facts.error}</dd>
        </>
      )}
      <dt>最近检测到</dt>
      <dd>{moment(of.seen)}</dd>
      {of.ended && (
        <>
          <dt>解决于</dt>
          <dd>{moment(of.ended)}</dd>
        </>
      )}
    </dl>
  );
}

function Affected({ incident }: { incident: Incident }) {
  const pages = useAffected(incident.id);
  const operates = useOperates();
  if (incident.count === 0) {
    return null;
  }
  return (
    <section className="stack" aria-labelledby="incident-cases">
      <h2 id="incident-cases">受影响的办件（{incident.count} 件）</h2>
      <Loaded query={pages} rows={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="muted">这些办件不在您的查看范围内。</p>
          ) : (
            <>
              <ul className="incident-cases">
                {rows.map((c) => (
                  <li key={`${c.number}/${c.task ?? ""}`}>
                    <Link to={`/cases/${encodeURIComponent(c.number)}`}>{c.title || c.number}</Link>
                    <span className="muted num"> {c.number}</span>
                  </li>
                ))}
              </ul>
              <LoadMore pages={pages} />
              {operates && incident.count > 1 && incident.state !== "resolved" && (
                <Link to={batchLink("incidents", { kind: incident.kind, id: incident.id })}>批量处置这 {incident.count} 件…</Link>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function History({ detail }: { detail: IncidentDetail }) {
  return (
    <section className="stack" aria-labelledby="incident-history">
      <h2 id="incident-history">经过</h2>
      <ol className="incident-history">
        {[...detail.history].reverse().map((e, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a history have no other name
          <li key={detail.history.length - i}>
            <span className="muted num">{moment(e.at)}</span>
            <span className="pre">
              <strong>{e.by_name || "系统"}</strong> {e.text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
