import { Qr } from "../../../components/Qr";
import { endMoment } from "../../../lib/dates";
import { choiceWords, projectWords, speakerWords, squareMetres } from "../../../lib/votes";
import { PapersPage } from "./PapersPage";
import { usePrintSheets } from "./usePapers";

/** Numbered ballot sheets, one A4 sheet each. */
export function Component() {
  return (
    <PapersPage pages={usePrintSheets()} empty="没有要打印的表决票" hint="清册确定后，每个票号一张。">
      {(poll, s) => (
        <article key={s.no} className="sheet paper">
          <div className="paper-head">
            <div>
              <p>
                编号 <span className="num">{poll.number}</span>
              </p>
              <p className="paper-big num">第 {s.no} 号</p>
            </div>
            <Qr text={`${poll.number}#${s.no}`} label={`${s.no} 号表决票`} className="paper-qr-small" />
          </div>
          <h1>表决票</h1>
          <table>
            <tbody>
              <tr>
                <th scope="row">项目</th>
                <td>{projectWords(poll)}</td>
              </tr>
              <tr>
                <th scope="row">表决人</th>
                <td>
                  {s.names.join("、")}
                  {speakerWords(s)}
                </td>
              </tr>
              <tr>
                <th scope="row">地址</th>
                <td>
                  {s.address}
                  {s.units.length > 1 ? `；共 ${s.units.length} 处，合计一票：${s.units.join("、")}` : ""}
                </td>
              </tr>
              {s.weight.area > 0 && (
                <tr>
                  <th scope="row">专有部分面积</th>
                  <td className="num">{squareMetres(s.weight.area)} 平方米</td>
                </tr>
              )}
              <tr>
                <th scope="row">交回期限</th>
                <td>{poll.closes ? endMoment(poll.closes) : "按公告"}</td>
              </tr>
            </tbody>
          </table>
          <h2>表决事项</h2>
          <p className="paper-text paper-question">{poll.question}</p>
          <p>只选一项，在方框内打「√」；多选、不选或者涂改无法辨认的，为无效票。</p>
          <ul className="paper-choices">
            {Object.values(choiceWords).map((c) => (
              <li key={c}>
                <span className="paper-box" aria-hidden /> {c}
              </li>
            ))}
          </ul>
          <div className="signatures">
            {["表决人签名", "受托人签名（附委托书）", "送达、收回人"].map((who) => (
              <div key={who}>
                <p>{who}</p>
                <p className="signature-line" />
                <p>年　　月　　日</p>
              </div>
            ))}
          </div>
          <footer>
            {poll.organiser}。{poll.notice}
          </footer>
        </article>
      )}
    </PapersPage>
  );
}
