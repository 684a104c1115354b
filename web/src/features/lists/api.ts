import { useQuery } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Hit, ListDiff, ListVersion } from "../../api/types";

export function useVersions() {
  return useQuery({ queryKey: keys.lists(), queryFn: () => data<ListVersion[]>(api.GET("/api/v1/lists", {})) });
}

export function useList(district: string, version: string) {
  return useQuery({
    queryKey: keys.lists(district, version),
    queryFn: () =>
      data<ListVersion>(
        api.GET("/api/v1/lists/{district}/versions/{version}", { params: { path: { district, version } } }),
      ),
  });
}

export function useDiff(district: string, from: string, to: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.lists(district, "diff", from, to),
    enabled,
    queryFn: () =>
      data<ListDiff>(api.GET("/api/v1/lists/{district}/diff", { params: { path: { district }, query: { from, to } } })),
  });
}

export function useListSearch(district: string, q: string) {
  return useQuery({
    queryKey: keys.lists(district, "search", q),
    enabled: q.length > 0,
    placeholderData: (old) => (q ? old : undefined),
    queryFn: () =>
      data<Hit[]>(api.GET("/api/v1/lists/{district}/search", { params: { path: { district }, query: { q } } })),
  });
}
