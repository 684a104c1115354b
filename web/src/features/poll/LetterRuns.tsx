import type { LetterRun } from "../../api/types";
import { moment } from "../../lib/dates";
import { buildingWords, grouped } from "../../lib/votes";

/** Who took letters with personal codes out, when, and for whom. */
export function LetterRuns({ runs }: { runs: LetterRun[] }) {
  return (
    <section className="panel panel-pad stack" aria-labelledby="letters-title">
      <h2 id="letters-title">投票口令信的打印记录</h2>
      {runs.length === 0 ? (
        <p className="muted">还没有打印过。每次打开口令信的打印页，谁、什么时候、哪栋楼、多少封，记在这里。</p>
      ) : (
        <ul className="versions">
          {runs.map((r) => (
            <li key={r.n} className="version">
              <p>
                {moment(r.at)} · {r.name} · {r.building ? buildingWords(r.building) : "全部楼栋"}
                {r.silent ? "未表决的" : ""} · <strong className="num">{grouped(r.letters)}</strong> 封
                <span className="muted num">
                  （{r.first}
                  {r.last === r.first ? "" : ` 至 ${r.last}`} 号）
                </span>
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
