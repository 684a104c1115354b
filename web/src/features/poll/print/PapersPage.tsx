import type { ReactNode } from "react";
import type { PollHead } from "../../../api/types";
import { EmptyState, Loaded } from "../../../components/Loaded";
import { MorePapers } from "./MorePapers";
import { PollPrint } from "./PollPrint";
import type { PaperPages } from "./usePapers";

interface Props<T> {
  pages: PaperPages<T>;
  empty: string;
  hint: string;
  children: (poll: PollHead, item: T) => ReactNode;
}

/** Papers of a vote, one for each voter: as many as are on the screen go to the printer. */
export function PapersPage<T>({ pages, empty, hint, children }: Props<T>) {
  const n = pages.data?.items.length ?? 0;
  return (
    <PollPrint ready={n > 0} note={pages.data && <MorePapers n={n} pages={pages} />}>
      <Loaded query={pages} rows={12}>
        {({ poll, items }) =>
          items.length === 0 ? (
            <EmptyState title={empty} hint={hint} />
          ) : (
            <main>{items.map((item) => children(poll, item))}</main>
          )
        }
      </Loaded>
    </PollPrint>
  );
}
