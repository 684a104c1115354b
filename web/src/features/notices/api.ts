import { useQuery } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Notice } from "../../api/types";
import { usePages } from "../../components/usePages";
import { compact } from "../../lib/filters";

export interface NoticeFilter {
  kind?: "list" | "case";
  district?: string;
  text?: string;
  open?: boolean;
}

export function useNotices(filter: NoticeFilter) {
  return usePages<Notice>(keys.notices(filter), (after) =>
    data(api.GET("/api/v1/notices", { params: { query: { ...filter, ...compact({ after }), limit: 30 } } })),
  );
}

export function useNotice(id: string) {
  return useQuery({
    queryKey: keys.notice(id),
    queryFn: () => data<Notice>(api.GET("/api/v1/notices/{id}", { params: { path: { id } } })),
  });
}
