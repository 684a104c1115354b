import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { Skeleton } from "antd";
import type { Board } from "../../api/types";
import { EmptyState } from "../../components/Loaded";
import { moment } from "../../lib/dates";
import { amount, animalWords, buildingWords, grouped, percentFloor, squareMetres } from "../../lib/votes";
import { Bar } from "./Bars";
import { Certified } from "./Certified";
import { LetterRuns } from "./LetterRuns";
import { Verdict } from "./Verdict";
import { measuresOf } from "./tests";

// The drawing program is large, and only this tab draws.
const TurnoutChart = lazy(() => import("./TurnoutChart"));

export function Overview({ board }: { board: Board }) {
  const { poll } = board;
  return (
    <div className="stack">
      {poll.result && <Verdict result={poll.result} />}
      {poll.imported && <Certified board={board} />}
      {!poll.platform && <Ballots board={board} />}
      {!poll.imported && <Certified board={board} />}
      <Terms board={board} />
    </div>
  );
}

/** How the ballots stand that are cast here. */
function Ballots({ board }: { board: Board }) {
  return (
    <>
      <div className="bars">
        {measuresOf(board.poll.rule).map((m) => (
          <Bar key={m} board={board} measure={m} />
        ))}
      </div>
      <section className="panel panel-pad stack" aria-labelledby="turnout-title">
        <h2 id="turnout-title">各楼参与情况</h2>
        {board.cells.length === 0 ? (
          <EmptyState title="还没有可以分楼统计的清册" hint="清册冻结、表决开始后，这里按楼列出参与情况。" />
        ) : (
          <Turnout board={board} />
        )}
      </section>
      <div className="bars">
        <Channels board={board} />
        <Ledger board={board} />
      </div>
      {board.may.people && <LetterRuns runs={board.letters} />}
    </>
  );
}

function Terms({ board: { poll, notice } }: { board: Board }) {
  return (
    <section className="panel panel-pad stack" aria-labelledby="terms-title">
      <h2 id="terms-title">表决事项和规则</h2>
      <dl className="pairs">
        <dt>表决事项</dt>
        <dd>{poll.question}</dd>
        <dt>性质</dt>
        <dd>{animalWords[poll.animal] ?? poll.animal}</dd>
        <dt>规则</dt>
        <dd>{poll.rule.title}</dd>
        <dt>公告用语</dt>
        <dd>{notice}</dd>
        <dt>改票</dt>
        <dd>{poll.revisable ? "网上表决截止前可以更改，以最后一次为准" : "提交后不能更改"}</dd>
        <dt>委托</dt>
        <dd>{poll.proxies > 0 ? `一人最多代 ${poll.proxies} 票` : "不允许委托"}</dd>
        <dt>延长</dt>
        <dd>{poll.extension ? `参与不足规定比例的，延长一次 ${poll.extension} 日` : "不延长"}</dd>
        <dt>过程结果</dt>
        <dd>{poll.hidden ? "截止前不公开，不能放宽" : "随时可看"}</dd>
      </dl>
    </section>
  );
}

function Turnout({ board }: { board: Board }) {
  const { cells, totals, poll } = board;
  const area = measuresOf(poll.rule).includes("area");
  return (
    <>
      <p className="muted">不足 10 个表决人的楼合并显示；不足 10 票的楼只显示参与，不显示意见，以免推知个人的选择。</p>
      <Suspense fallback={<Skeleton active title={false} paragraph={{ rows: 4 }} />}>
        <TurnoutChart cells={cells} open={Boolean(totals)} />
      </Suspense>
      <details>
        <summary>以表格查看</summary>
        <div className="table-scroll">
          <table className="plain-table wide-table">
            <caption className="visually-hidden">各楼参与情况</caption>
            <thead>
              <tr>
                <th scope="col">楼</th>
                <th scope="col">已表决／应表决</th>
                <th scope="col">参与率</th>
                {area && <th scope="col">面积（平方米）</th>}
                {totals && <th scope="col">同意／不同意／弃权</th>}
              </tr>
            </thead>
            <tbody>
              {cells.map((c) => (
                <tr key={c.building}>
                  <th scope="row">{buildingWords(c.building)}</th>
                  <td className="num">
                    {grouped(c.cast.heads)}/{grouped(c.all.heads)}
                  </td>
                  <td className="num">{percentFloor(c.cast.heads, c.all.heads)}</td>
                  {area && (
                    <td className="num">
                      {squareMetres(c.cast.area)}/{squareMetres(c.all.area)}
                    </td>
                  )}
                  {totals && (
                    <td className="num">
                      {c.quiet
                        ? "不显示"
                        : `${grouped(c.yes.heads)}/${grouped(c.no.heads)}/${grouped(c.abstain.heads)}`}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

function Channels({ board: { channels, turnout } }: { board: Board }) {
  return (
    <section className="panel panel-pad stack" aria-labelledby="channels-title">
      <h2 id="channels-title">计入的票从哪里来</h2>
      <ul className="channels">
        {channels.map((c) => (
          <li key={c.channel}>
            <span>{c.label}</span>
            <strong className="num">{amount("heads", c.ballots)}</strong>
          </li>
        ))}
        <li>
          <span>合计</span>
          <strong className="num">{grouped(turnout.ballots)}</strong>
        </li>
      </ul>
      <p className="muted">同一个人从几种途径投票只计一次。</p>
    </section>
  );
}

/** The last signed statement of the ledger, for whoever wants to note it down. */
function Ledger({ board: { checkpoint, poll } }: { board: Board }) {
  return (
    <section className="panel panel-pad stack" aria-labelledby="ledger-title">
      <h2 id="ledger-title">账本</h2>
      {checkpoint ? (
        <>
          <p>
            {moment(checkpoint.at)} 签名，共 <strong className="num">{grouped(checkpoint.size)}</strong> 条。
          </p>
          <p className="hash num">{checkpoint.root}</p>
          <details>
            <summary>签名原文</summary>
            <pre className="checkpoint-note">{checkpoint.note}</pre>
          </details>
        </>
      ) : (
        <p className="muted">还没有签名的账本；收到第一张票后一分钟内签名。</p>
      )}
      <p>
        <a href={`/gs/${encodeURIComponent(poll.number)}`} target="_blank" rel="noreferrer">
          公开页面
        </a>
        {poll.result && (
          <>
            {" · "}
            <Link to={`/polls/${encodeURIComponent(poll.number)}/tally`}>计票表</Link>
          </>
        )}
      </p>
    </section>
  );
}
