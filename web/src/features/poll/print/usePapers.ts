import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useParams, useSearchParams } from "react-router";
import { api, data } from "../../../api/client";
import type { Letters, PollHead, PrintSheets } from "../../../api/types";
import { compact } from "../../../lib/filters";

const limit = 100;

/** Which papers the address asks for: those of one building, or of those without a ballot. */
export function useChosen() {
  const { number = "" } = useParams();
  const [search] = useSearchParams();
  const building = search.get("building") ?? undefined;
  const silent = search.get("silent") === "true";
  return { number, filter: compact({ building, silent }) };
}

interface Papers<T> {
  poll: PollHead;
  items: T[];
  next?: string;
}

export type PaperPages<T> = ReturnType<typeof usePaperPages<T, Papers<T>>>;

/** Reads page by page. Letters hold personal codes, so that nothing is asked for twice or kept. */
function usePaperPages<T, P extends Papers<T>>(
  key: readonly unknown[],
  read: (after: string | undefined) => Promise<P>,
) {
  const query = useInfiniteQuery<P, Error, InfiniteData<P>, readonly unknown[], string | undefined>({
    queryKey: key,
    initialPageParam: undefined,
    queryFn: ({ pageParam }) => read(pageParam),
    getNextPageParam: (last) => last.next || undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const papers = useMemo(() => {
    const first = query.data?.pages[0];
    return first && { poll: first.poll, items: query.data?.pages.flatMap((p) => p.items) ?? [] };
  }, [query.data]);
  return { ...query, data: papers };
}

export function useLetters() {
  const { number, filter } = useChosen();
  return usePaperPages<Letters["items"][number], Letters>(["papers", "letters", number, filter], (after) =>
    data(
      api.POST("/api/v1/polls/{number}/letters", {
        params: { path: { number } },
        body: { limit, ...filter, ...compact({ after }) },
      }),
    ),
  );
}

export function usePrintSheets() {
  const { number, filter } = useChosen();
  return usePaperPages<PrintSheets["items"][number], PrintSheets>(["papers", "sheets", number, filter], (after) =>
    data(
      api.GET("/api/v1/polls/{number}/sheets/print", {
        params: { path: { number }, query: { limit, ...filter, ...compact({ after }) } },
      }),
    ),
  );
}
