import { CheckCircleOutlined, CloseCircleOutlined } from "@ant-design/icons";
import type { Poll } from "../../api/types";
import { moment } from "../../lib/dates";
import { outcomeWords } from "../../lib/votes";

type Result = NonNullable<Poll["result"]>;

/** What the count found: every test with its fraction. */
export function Verdict({ result }: { result: Result }) {
  const { verdict } = result;
  return (
    <section className="panel panel-pad stack" aria-labelledby="verdict-title">
      <h2 id="verdict-title">计票结果：{outcomeWords[verdict.outcome] ?? verdict.outcome}</h2>
      <ul className="standings">
        {verdict.tests.map((t) => (
          <li key={t.key} className={t.met ? "standing standing-met" : "standing"}>
            {t.met ? <CheckCircleOutlined aria-hidden /> : <CloseCircleOutlined aria-hidden />}
            <span>
              {t.title} <strong className="num">{t.shown}</strong>
              <span className="muted">
                （需{t.ratio.strict ? "超过" : "不少于"} {t.ratio.num}/{t.ratio.den}）
              </span>{" "}
              {t.decides ? (t.met ? "达到" : "没有达到") : "不作为依据"}
            </span>
          </li>
        ))}
      </ul>
      {verdict.conditions && verdict.conditions.length > 0 && <p>另须：{verdict.conditions.join("；")}。</p>}
      {verdict.warning && <p>{verdict.warning}</p>}
      {verdict.art278 && <p>{verdict.art278.text}</p>}
      <p className="muted">
        {moment(result.at)} 计票，按清册第 {result.roll} 版和账本 {result.leaves} 条。
      </p>
    </section>
  );
}
