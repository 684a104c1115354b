import type { OpenedVote } from "../api/types";
import { endMoment, longMoment } from "../lib/dates";
import { channelWords, choiceWords, squareMetres } from "../lib/votes";
import { Screen } from "./Screen";

interface Props {
  vote: OpenedVote;
  onNext: () => void;
  onReceipt: () => void;
  onLeave: () => void;
}

/** Screen 2: what is voted on, until when, for whom, what follows, and by which rule. */
export function NoticeScreen({ vote, onNext, onReceipt, onLeave }: Props) {
  const { poll, voter, ballots } = vote;
  const ballot = ballots[0];
  const open = poll.state === "open";
  const mayVote = open && (!ballot || (ballot.channel === "web" && poll.revisable));
  return (
    <Screen step={2} title={poll.title}>
      <p className="r-question">{poll.question}</p>
      <dl className="r-pairs">
        <dt>表决时间</dt>
        <dd>
          {poll.opens && poll.closes ? (
            <>
              {longMoment(poll.opens)}起，
              <br />
              {endMoment(poll.closes)}止
            </>
          ) : (
            "另行公布"
          )}
        </dd>
        <dt>您的票</dt>
        <dd>
          {voter.masked}
          {voter.units && voter.units.length > 1 ? `等 ${voter.units.length} 处，合计一票` : ""}
          {voter.weight.area > 0 ? `，专有部分面积 ${squareMetres(voter.weight.area)} 平方米` : ""}
        </dd>
      </dl>
      <h2>通过以后</h2>
      <Lines of={poll.passes} />
      <h2>没有通过</h2>
      <Lines of={poll.fails} />
      <h2>怎样算通过</h2>
      {poll.plain.length === 0 ? (
        <p className="r-pre">{poll.notice}</p>
      ) : (
        <>
          <Lines of={poll.plain} />
          <details>
            <summary className="r-summary">计票规则原文</summary>
            <p className="r-pre">{poll.notice}</p>
          </details>
        </>
      )}
      <p>
        <a className="r-link" href={`/gs/${encodeURIComponent(poll.number)}`}>
          查看公告全文
        </a>
      </p>
      <div className="r-state">
        {ballot && (
          <p>
            <strong>
              您的票已{channelWords[ballot.channel]}表决：{choiceWords[ballot.choice]}。
            </strong>
          </p>
        )}
        <p>{said(vote)}</p>
      </div>
      {mayVote && (
        <button type="button" className="r-button r-main-button" onClick={onNext}>
          {ballot ? "更改我的选择" : "去选择"}
        </button>
      )}
      {ballot && (
        <button type="button" className="r-button" onClick={onReceipt}>
          查看我的回执
        </button>
      )}
      <button type="button" className="r-button" onClick={onLeave}>
        {mayVote ? "不是我的票，退出" : "退出"}
      </button>
    </Screen>
  );
}

function Lines({ of }: { of: string[] }) {
  return (
    <ul className="r-lines">
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** Why one may vote, or may not. */
function said({ poll, ballots }: OpenedVote): string {
  const ballot = ballots[0];
  switch (poll.state) {
    case "preparing":
      return poll.opens
        ? `表决还没有开始，${longMoment(poll.opens)}起可以表决。`
        : "表决还没有开始，开始时间另行公布。";
    case "open":
      if (!ballot) {
        return poll.revisable ? "截止前可以更改，以最后一次为准。" : "提交后不能更改，请看清楚再选择。";
      }
      if (ballot.channel !== "web") {
        return `此票已由${ballot.channel === "paper" ? "纸质票" : "入户票"}表决，不能再在网上表决。有疑问请联系组织者。`;
      }
      return poll.revisable ? "截止前可以更改，以最后一次为准。" : "这次表决提交后不能更改。";
    case "void":
      return "这次表决已作废。";
    default:
      return `表决已于 ${endMoment(poll.closes)} 结束，不再收票。${ballot ? "" : "没有收到您的票。"}${poll.result ? `结果：${poll.result}。` : ""}`;
  }
}
