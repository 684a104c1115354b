import { useParams } from "react-router";
import { useNow } from "../../../app/now";
import type { Board } from "../../../api/types";
import { EmptyState, Loaded } from "../../../components/Loaded";
import { endMoment, longMoment } from "../../../lib/dates";
import {
  animalWords,
  choiceWords,
  grouped,
  headUnit,
  outcomeWords,
  projectWords,
  percentFloor,
  squareMetres,
} from "../../../lib/votes";
import { useBoard } from "../api";
import { PollPrint } from "./PollPrint";

/** The 计票表: what was counted, from what, every test with its numbers, and who signs for it. */
export function Component() {
  const { number = "" } = useParams();
  const query = useBoard(number);
  return (
    <PollPrint ready={Boolean(query.data?.poll.result)}>
      <Loaded query={query} rows={12}>
        {(board) =>
          board.poll.result ? (
            <Tally board={board} result={board.poll.result} />
          ) : (
            <EmptyState title="还没有计票" hint="表决截止并计票以后，计票表在这里打印。" />
          )
        }
      </Loaded>
    </PollPrint>
  );
}

function Tally({ board, result }: { board: Board; result: NonNullable<Board["poll"]["result"]> }) {
  const { poll } = board;
  const now = useNow();
  const owner = poll.options.counting === "owner";
  const { totals: t, verdict } = result;
  const cast = {
    heads: t.yes.heads + t.no.heads + t.abstain.heads,
    area: t.yes.area + t.no.area + t.abstain.area,
  };
  const lines = [
    ["清册总数", t.all],
    ["收回有效票", cast],
    ...(["yes", "no", "abstain"] as const).map((k) => [`其中${choiceWords[k]}`, t[k]] as const),
    ["签收未交", t.signed],
  ] as const;
  return (
    <main className="sheet paper tally">
      <h1>计票表</h1>
      <p className="sheet-number">
        编号 <span className="num">{poll.number}</span>
      </p>
      <table>
        <tbody>
          <tr>
            <th scope="row">项目</th>
            <td colSpan={3}>{projectWords(poll)}</td>
          </tr>
          <tr>
            <th scope="row">表决事项</th>
            <td colSpan={3}>{poll.question}</td>
          </tr>
          <tr>
            <th scope="row">性质、规则</th>
            <td colSpan={3}>
              {animalWords[poll.animal]}；{poll.rule.title}。{board.notice}
            </td>
          </tr>
          <tr>
            <th scope="row">表决时间</th>
            <td>
              {longMoment(poll.opens)} 至 {endMoment(poll.closes)}
              {poll.extended > 0 ? `（延期 ${poll.extended} 次）` : ""}
            </td>
            <th scope="row">计票时间</th>
            <td>{longMoment(result.at)}</td>
          </tr>
        </tbody>
      </table>
      <h2>票数</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">项</th>
            <th scope="col">{headUnit(poll.options.counting) === "户" ? "户数" : "人数"}</th>
            {owner && <th scope="col">专有部分面积（平方米）</th>}
            <th scope="col">占清册（向下取整）</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(([title, w]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td className="num">{grouped(w.heads)}</td>
              {owner && <td className="num">{squareMetres(w.area)}</td>}
              <td className="num">
                {percentFloor(w.heads, t.all.heads)}
                {owner ? ` / ${percentFloor(w.area, t.all.area)}` : ""}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!poll.imported && <p>途径：{board.channels.map((c) => `${c.label} ${grouped(c.ballots)} 张`).join("，")}。</p>}
      <h2>各项比例</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">比例</th>
            <th scope="col">数值</th>
            <th scope="col">要求</th>
            <th scope="col" className="w-short">
              结论
            </th>
          </tr>
        </thead>
        <tbody>
          {verdict.tests.map((test) => (
            <tr key={test.key}>
              <th scope="row" className="w-test">
                {test.title}
              </th>
              <td className="num">{test.shown}</td>
              <td>
                {test.ratio.strict ? "超过" : "不少于"} {test.ratio.num}/{test.ratio.den}
              </td>
              <td>{test.decides ? (test.met ? "达到" : "没有达到") : "不作依据"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="paper-big">结论：{outcomeWords[verdict.outcome] ?? verdict.outcome}</p>
      {verdict.conditions && verdict.conditions.length > 0 && <p>另须：{verdict.conditions.join("；")}。</p>}
      {verdict.warning && <p>{verdict.warning}</p>}
      {verdict.art278 && <p>{verdict.art278.text}</p>}
      {poll.imported && (
        <p>
          本结果由 {poll.imported.platform} 认证，证书 {poll.imported.document}。
        </p>
      )}
      <div className="signatures">
        {["计票人", "监票人", "组织单位（盖章）"].map((who) => (
          <div key={who}>
            <p>{who}</p>
            <p className="signature-line">签字</p>
            <p>年　　月　　日</p>
          </div>
        ))}
      </div>
      <footer>
        清册第 {result.roll} 版，指纹 <span className="num">{result.fingerprint}</span>。账本 {grouped(result.leaves)}{" "}
        条，根 <span className="num">{result.root}</span>。打印于 {longMoment(now)}。
      </footer>
    </main>
  );
}
