import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, data, once } from "../../api/client";
import { keys } from "../../api/keys";
import type { CaseDetail, Deadline, Delivery, EventView, Inside, Verification } from "../../api/types";
import { usePages } from "../../components/usePages";
import { compact } from "../../lib/filters";

export function useCase(number: string) {
  return useQuery({
    queryKey: keys.case(number),
    queryFn: () => data<CaseDetail>(api.GET("/api/v1/cases/{number}", { params: { path: { number } } })),
  });
}

const limit = 200;

/** The whole record of a case: it is read to the end, page by page. */
export function useEvents(number: string) {
  const query = useInfiniteQuery({
    queryKey: keys.case(number, "events"),
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      data<EventView[]>(
        api.GET("/api/v1/cases/{number}/events", {
          params: { path: { number }, query: { after_seq: pageParam, limit } },
        }),
      ),
    getNextPageParam: (last) => (last.length < limit ? undefined : last.at(-1)?.seq),
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, isError]);
  const events = useMemo(() => query.data?.pages.flat(), [query.data]);
  return { ...query, data: events };
}

/** One clock with its day-by-day ledger, which the page asks for only when it is opened. */
export function useLedger(number: string, clock: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.case(number, `deadline:${clock}`),
    enabled,
    queryFn: () =>
      data<Deadline>(api.GET("/api/v1/cases/{number}/deadlines/{clock}", { params: { path: { number, clock } } })),
  });
}

export function useVerification(number: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.case(number, "verify"),
    enabled,
    queryFn: () => data<Verification>(api.GET("/api/v1/cases/{number}/verify", { params: { path: { number } } })),
  });
}

/** What the engine knows of a case. Retries come and go without a word, so it is asked again now and then. */
export function useInside(number: string) {
  return useQuery({
    queryKey: keys.case(number, "inside"),
    refetchInterval: 15_000,
    queryFn: () => data<Inside>(api.GET("/api/v1/cases/{number}/inside", { params: { path: { number } } })),
  });
}

/** Who was told what of a case, and what became of it. */
export function useDeliveries(number: string) {
  return usePages<Delivery>(keys.case(number, "deliveries"), (after) =>
    data(
      api.GET("/api/v1/cases/{number}/deliveries", {
        params: { path: { number }, query: { ...compact({ after }), limit: 30 } },
      }),
    ),
  );
}

/** Sends once more what was given up. */
export function useResend(number: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      api.POST("/api/v1/cases/{number}/deliveries/{id}/retry", { params: { path: { number, id }, header: once() } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.case(number, "deliveries") }),
  });
}
