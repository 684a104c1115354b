import { ClockCircleOutlined } from "@ant-design/icons";
import type { Board } from "../../api/types";
import { useNow } from "../../app/now";
import { endMoment, longMoment } from "../../lib/dates";
import { amount, leftUntil, outcomeWords, unreachable } from "../../lib/votes";
import { type Measure, measureWords, unitWords } from "./tests";

/** Will it pass, and what is left to do? The first thing on the board. */
export function Answer({ board }: { board: Board }) {
  const { poll } = board;
  return (
    <div className="sentence sentence-large poll-answer">
      <ClockCircleOutlined aria-hidden className="tone-normal" />
      <div>
        <p>
          <strong>{headline(board)}</strong>
        </p>
        <When board={board} />
        {poll.state === "open" && <p>{board.prospects.text}</p>}
        {poll.state === "open" && <Needs board={board} />}
      </div>
    </div>
  );
}

function headline({ poll, forecast, prospects }: Board): string {
  switch (poll.state) {
    case "preparing":
      if (poll.platform) {
        return prospects.text;
      }
      return poll.roll > 0 ? "清册已导入，表决还没有开始。" : "还没有清册，导入清册并公示后才能表决。";
    case "open":
      return forecast ? forecast.text : "表决进行中，各选项票数在截止前不公开。";
    case "closed":
      return poll.imported ? "等待登记认证结果。" : "表决已截止，等待计票。";
    case "counted":
    case "final":
      return `${poll.state === "counted" ? "初步统计结果" : "结果"}：${outcomeWords[poll.result?.verdict.outcome ?? ""] ?? "未定"}。`;
    default:
      return "这次表决已作废。";
  }
}

function When({ board: { poll } }: { board: Board }) {
  const now = useNow();
  if (poll.platform) {
    return null;
  }
  if (!poll.opens || !poll.closes) {
    return <p className="muted">表决时间尚未确定。</p>;
  }
  const left = poll.state === "open" ? leftUntil(poll.closes, now) : undefined;
  return (
    <p>
      {longMoment(poll.opens)} 至 {endMoment(poll.closes)}
      {poll.extended > 0 ? `（已延期 ${poll.extended} 次）` : ""}
      {left ? `，${left}` : ""}
    </p>
  );
}

/** Whom it still needs, in each measure. */
function Needs({ board: { poll, forecast } }: { board: Board }) {
  if (!forecast || forecast.prospect === "fails") {
    return null;
  }
  return (
    <ul className="needs">
      {forecast.needs.map((n) => {
        const m = n.measure as Measure;
        const say = (v: number) => `${amount(m, v)} ${unitWords(poll, m)}`;
        return (
          <li key={m}>
            {measureWords(poll, m)}：还有 {say(n.left)}未表决
            {n.participants > 0 ? `；参与还差 ${say(n.participants)}` : ""}
            {unreachable(n.yes)
              ? "；其余全部同意也达不到"
              : n.yes > 0
                ? `；再有 ${say(n.yes)}同意即达到比例`
                : "；按已投的票已达到比例"}
            {!unreachable(n.yes_for_certainty) && n.yes_for_certainty > n.yes
              ? `，要无论其余如何表决都达到，须再有 ${say(n.yes_for_certainty)}同意`
              : ""}
            。
          </li>
        );
      })}
    </ul>
  );
}
