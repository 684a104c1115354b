import type { Poll, VoteSheet } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { moment } from "../../lib/dates";
import { useSheets } from "./api";

/** Paper that does not count yet: the two readings differ, or the second is missing. */
export function SheetLists({ poll }: { poll: Poll }) {
  return (
    <div className="bars">
      <List
        poll={poll}
        state="different"
        title="两遍不一致"
        empty="没有不一致的票"
        hint="两个人录得不同的票列在这里，不计票，直到两人对照原票各自重新录入。"
      />
      <List
        poll={poll}
        state="once"
        title="等第二遍"
        empty="没有等第二遍的票"
        hint="只录了一遍的票列在这里，由另一个人再录一遍。"
      />
    </div>
  );
}

interface Props {
  poll: Poll;
  state: "once" | "different";
  title: string;
  empty: string;
  hint: string;
}

function List({ poll, state, title, empty, hint }: Props) {
  const pages = useSheets(poll.number, state);
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <Loaded query={pages} rows={3}>
        {(sheets) =>
          sheets.length === 0 ? (
            <EmptyState title={empty} hint={hint} />
          ) : (
            <>
              <ul className="versions">
                {sheets.map((s) => (
                  <li key={s.voter} className="version">
                    <strong className="num">{s.voter} 号</strong> {waits(s)}
                  </li>
                ))}
              </ul>
              <LoadMore pages={pages} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}

/** Nobody learns here what the other has read. */
function waits(s: VoteSheet): string {
  const first = s.first ? `${s.first.name} ${moment(s.first.at)} 录第一遍` : "";
  if (s.state === "different") {
    const second = s.second ? `，${s.second.name} ${moment(s.second.at)} 录第二遍` : "";
    return `${first}${second}；等两人各自重新录入。`;
  }
  return `${first}，等 ${s.first?.name ?? "他"} 以外的人录第二遍。`;
}
