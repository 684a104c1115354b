import { Fragment } from "react";
import { useNow } from "../../../app/now";
import { EmptyState, Loaded } from "../../../components/Loaded";
import { endMoment, moment } from "../../../lib/dates";
import { useSearchParams } from "react-router";
import { buildingWords, speakerWords } from "../../../lib/votes";
import { useBoard, useVoters } from "../api";
import type { Voter } from "../../../api/types";
import { MorePapers } from "./MorePapers";
import { PollPrint } from "./PollPrint";
import { useChosen } from "./usePapers";

/** The walking list on paper, building by building, with room to write. */
export function Component() {
  const { number, filter } = useChosen();
  const [search] = useSearchParams();
  const text = search.get("text");
  const board = useBoard(number);
  const pages = useVoters(number, text ? { ...filter, text } : filter, 100);
  const now = useNow();
  const n = pages.data?.length ?? 0;
  return (
    <PollPrint ready={n > 0} note={pages.data && <MorePapers n={n} pages={pages} />}>
      <Loaded query={pages} rows={12}>
        {(voters) =>
          voters.length === 0 ? (
            <EmptyState title="没有要走访的人家" hint="按这个条件没有还未表决的人家。" />
          ) : (
            <main className="sheet paper">
              <h1>走访单</h1>
              <p>
                {board.data?.poll.title} · <span className="num">{number}</span>
                {board.data?.poll.closes ? ` · ${endMoment(board.data.poll.closes)} 截止` : ""}
              </p>
              <table>
                <thead>
                  <tr>
                    <th scope="col">票号</th>
                    <th scope="col">地址</th>
                    <th scope="col">姓名</th>
                    <th scope="col">电话</th>
                    <th scope="col" className="w-visit">
                      走访记录
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {byBuilding(voters).map(([building, list]) => (
                    <Fragment key={building}>
                      <tr>
                        <th scope="rowgroup" colSpan={5} className="paper-group">
                          {buildingWords(building)}（{list.length} 票）
                        </th>
                      </tr>
                      {list.map((v) => (
                        <tr key={v.no}>
                          <td className="num">{v.no}</td>
                          <td>{v.address}</td>
                          <td>
                            {v.names.join("、")}
                            {speakerWords(v)}
                          </td>
                          <td className="num">{v.contact}</td>
                          <td />
                        </tr>
                      ))}
                    </Fragment>
                  ))}
                </tbody>
              </table>
              <footer>打印于 {moment(now)}。名单涉及个人信息，用后交回销毁。</footer>
            </main>
          )
        }
      </Loaded>
    </PollPrint>
  );
}

/** Voters stand in the order of their numbers; a list to walk along is by building. */
function byBuilding(voters: Voter[]): [string, Voter[]][] {
  const groups = new Map<string, Voter[]>();
  for (const v of voters) {
    groups.set(v.building, [...(groups.get(v.building) ?? []), v]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, "zh-CN", { numeric: true }));
}
