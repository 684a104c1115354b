import { Alert } from "antd";
import type { Board } from "../../api/types";
import { endMoment, moment } from "../../lib/dates";
import { DoorForm } from "./DoorForm";
import { PaperForm } from "./PaperForm";
import { SheetLists } from "./SheetLists";
import { VoterBallots } from "./VoterBallots";

/** What came in on paper and at the door, and every version of one voter's ballot. */
export function BallotsTab({ board }: { board: Board }) {
  const { poll, may } = board;
  return (
    <div className="stack">
      {may.enter ? (
        <div className="bars">
          <PaperForm poll={poll} />
          <DoorForm poll={poll} />
        </div>
      ) : (
        <Alert type="info" showIcon title={whyNot(board)} />
      )}
      {may.people && (
        <>
          <SheetLists poll={poll} />
          <VoterBallots poll={poll} />
        </>
      )}
    </div>
  );
}

function whyNot({ poll }: Board): string {
  if (poll.state === "preparing") {
    return poll.opens ? `表决还没有开始，${moment(poll.opens)} 起可以录入。` : "表决还没有开始，不能录入。";
  }
  if (poll.state === "open") {
    return "录入由组织表决的单位和社区工作人员办理，您的岗位可以查看总览。";
  }
  return poll.closes ? `表决已于 ${endMoment(poll.closes)} 结束，不再收票。` : "表决已结束，不再收票。";
}
