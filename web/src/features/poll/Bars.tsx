import { CheckCircleOutlined, MinusCircleOutlined } from "@ant-design/icons";
import type { Board } from "../../api/types";
import { amount } from "../../lib/votes";
import { fraction, type Measure, measureWords, type Standing, standingsOf, unitWords } from "./tests";

/** One measure of the vote: what was cast against the whole roll, the thresholds on it, and every test in words. */
export function Bar({ board, measure: m }: { board: Board; measure: Measure }) {
  const { poll, totals, turnout } = board;
  const all = turnout.all[m];
  const parts = totals
    ? [
        { key: "yes", words: "同意", n: totals.yes[m] },
        { key: "no", words: "不同意", n: totals.no[m] },
        { key: "abstain", words: "弃权", n: totals.abstain[m] },
      ]
    : [{ key: "cast", words: "已表决", n: turnout.cast[m] }];
  const silent = { key: "silent", words: "未表决", n: all - turnout.cast[m] };
  const standings = standingsOf(board, m);
  const marks = standings.filter((s) => s.mark !== undefined && all > 0);
  const title = measureWords(poll, m);
  const unit = unitWords(poll, m);
  return (
    <section className="panel panel-pad bar-panel" aria-label={title}>
      <h2>{title}</h2>
      <p className="bar-turnout">
        已表决 <strong className="num">{amount(m, turnout.cast[m])}</strong>/
        <span className="num">{amount(m, all)}</span> {unit}
      </p>
      <div className="bar-wrap" aria-hidden>
        <div className="bar">
          {[...parts, silent].map((p) => (
            <span key={p.key} className={`bar-part bar-${p.key}`} style={{ flexGrow: p.n }} />
          ))}
        </div>
        {marks.map((s) => (
          <span
            key={s.key}
            className={`bar-mark ${s.quorum ? "bar-mark-quorum" : "bar-mark-consent"}`}
            style={{ left: `${((s.mark ?? 0) / all) * 100}%` }}
          />
        ))}
      </div>
      <ul className="bar-legend">
        {[...parts, silent].map((p) => (
          <li key={p.key}>
            <span className={`bar-key bar-${p.key}`} aria-hidden /> {p.words}{" "}
            <span className="num">{amount(m, p.n)}</span>
          </li>
        ))}
      </ul>
      <ul className="standings">
        {standings.map((s) => (
          <StandingLine key={s.key} of={s} measure={m} unit={unit} />
        ))}
      </ul>
      {!totals && <p className="muted">同意的比例在截止前不公开，到期一并公布。</p>}
    </section>
  );
}

function StandingLine({ of: s, measure: m, unit }: { of: Standing; measure: Measure; unit: string }) {
  return (
    <li className={s.met ? "standing standing-met" : "standing"}>
      {s.met ? <CheckCircleOutlined aria-hidden /> : <MinusCircleOutlined aria-hidden />}
      <span>
        <span className={`bar-tick ${s.quorum ? "bar-mark-quorum" : "bar-mark-consent"}`} aria-hidden />
        {s.title} <strong className="num">{fraction(m, s.part, s.whole)}</strong>
        <span className="muted">
          （需 {s.ratio}
          {s.least === undefined ? "，还没有人参与" : `，即 ≥ ${amount(m, s.least)} ${unit}`}）
        </span>{" "}
        {s.met ? "现已达到" : "尚未达到"}
      </span>
    </li>
  );
}
