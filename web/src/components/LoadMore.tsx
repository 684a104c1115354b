import { Button } from "antd";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  data: unknown[] | undefined;
}

export function LoadMore({ pages }: { pages: Paged }) {
  if (!pages.hasNextPage) {
    const n = pages.data?.length ?? 0;
    return n > 8 ? <p className="more muted">共 {n} 条，已全部显示</p> : null;
  }
  return (
    <div className="more">
      <Button loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
        加载更多
      </Button>
    </div>
  );
}
