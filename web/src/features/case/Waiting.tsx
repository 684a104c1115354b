import type { CaseDetail } from "../../api/types";
import { DueTag, HolderTag } from "../../components/Tags";
import { lastDay, moment, shortDay } from "../../lib/dates";
import { added, signs } from "../../lib/names";

/** Everyone the case is waiting for, with what is left; the sentence above names only the nearest. */
export function Waiting({ detail }: { detail: CaseDetail }) {
  const open = detail.tasks.filter((t) => t.state === "open" || t.state === "blocked");
  const waits = detail.waits.filter((w) => !w.closed);
  if (open.length + waits.length === 0) {
    return null;
  }
  return (
    <section className="panel" aria-labelledby="waiting-title">
      <h2 id="waiting-title">现在等谁</h2>
      <ul className="waiting">
        {open.map((t) => (
          <li key={t.id}>
            <div>
              <HolderTag holder={t.holder} mine={t.my} />
              <p className="muted">
                {t.title}
                {t.round > 1 ? `（第 ${t.round} 轮）` : ""}
                {t.sign && signs[t.sign] ? ` · ${signs[t.sign]}` : ""}
                {t.added && added[t.added] ? ` · ${added[t.added]}` : ""}
                {t.owner ? ` · 受 ${t.owner.user_name || t.owner.unit_name} 委派` : ""}
                {t.state === "blocked" ? " · 等加签或受委派人先办" : ""}
              </p>
            </div>
            <p className="muted">
              {t.unmanned ? <span className="tag tag-yellow">岗位空缺</span> : null}
              {t.read_at ? `${t.read_by || "对方"} ${moment(t.read_at)} 已查看` : "尚未查看"}
              {t.urged ? `，催办 ${t.urged} 次` : ""}
              {t.escalated ? `，已上报 ${t.escalated}` : ""}
            </p>
            <DueTag day={t.day} card={t.card} paused={t.paused} provisional={t.provisional} />
          </li>
        ))}
        {waits.map((w) => (
          <li key={w.wait}>
            <div>
              <span className="holder-name">{w.for}</span>
              <p className="muted">{w.court === "时间" ? "到时自动办理" : `由${w.court}决定`}</p>
            </div>
            <p className="muted">{w.basis.text}</p>
            <span className="muted">{w.until ? `至 ${shortDay(lastDay(w.until))}` : "没有期限"}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
