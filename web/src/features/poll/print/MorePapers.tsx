import { Button } from "antd";

interface Props {
  n: number;
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** How many papers are ready, and the way to the rest: what is printed is what is on the screen. */
export function MorePapers({ n, pages }: Props) {
  return (
    <>
      已备好 {n} 份{" "}
      {pages.hasNextPage && (
        <Button size="small" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          再备 100 份
        </Button>
      )}
    </>
  );
}
