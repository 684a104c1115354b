import type { KindFigures, StageFigures } from "../../api/types";
import { bySegment, type Heat, heatOf, heatWords } from "./figures";

const shown: Heat[] = ["cool", "warm", "hot", "over", "unlimited", "none"];

/** The stages of a procedure in their order, coloured by how much of their own period the median takes. The numbers say the same. */
export function StageMap({ of: k }: { of: KindFigures }) {
  const used = new Set(k.stages.map(heatOf));
  return (
    <div className="heat">
      <ol className="heat-bar" aria-label={`${k.name}的环节图`}>
        {bySegment(k).map((segment) => (
          <li key={segment.title} className="heat-segment">
            <h3>{segment.title}</h3>
            <ul>
              {segment.stages.map((s) => (
                <Stage key={s.stage} of={s} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
      <ul className="heat-legend" aria-label="颜色的意思">
        {shown
          .filter((h) => used.has(h))
          .map((h) => (
            <li key={h}>
              <span className={`heat-dot heat-${h}`} aria-hidden /> {heatWords[h]}
            </li>
          ))}
      </ul>
    </div>
  );
}

function Stage({ of: s }: { of: StageFigures }) {
  const heat = heatOf(s);
  return (
    <li className={`heat-stage heat-${heat}`}>
      <span className="heat-title">{s.title}</span>
      {heat === "none" ? (
        <span className="heat-note">期内没有办结</span>
      ) : (
        <>
          <span className="heat-median">
            {s.figures.median}
            <span className="heat-of"> / {s.limit_days ? `限 ${s.limit_days}` : "无期限"}</span>
          </span>
          <span className="heat-note">
            P90 {s.figures.p90} · {s.figures.count} 件{s.shared ? " · 共用时钟" : ""}
          </span>
        </>
      )}
      <span className="visually-hidden">，{heatWords[heat]}</span>
    </li>
  );
}
