import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Page } from "../api/types";

/** A list that is read page by page with the server's cursor. */
export function usePages<T>(queryKey: QueryKey, read: (after: string | undefined) => Promise<Page<T>>, enabled = true) {
  const query = useInfiniteQuery({
    queryKey,
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => read(pageParam),
    getNextPageParam: (last) => last.next || undefined,
  });
  const items = useMemo(() => query.data?.pages.flatMap((p) => p.items ?? []), [query.data]);
  return { ...query, data: items };
}
