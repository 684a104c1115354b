import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Performance } from "../../api/types";

export interface ReportFilter {
  from: string;
  to: string;
  kind?: string;
  unit?: string;
}

export function usePerformance(filter: ReportFilter) {
  return useQuery({
    queryKey: keys.performance(filter),
    queryFn: () => data<Performance>(api.GET("/api/v1/reports/performance", { params: { query: { ...filter } } })),
    placeholderData: keepPreviousData,
  });
}

/** Where the same figures are kept as a workbook. */
export function workbookLink(filter: ReportFilter): string {
  return `/api/v1/reports/performance.xlsx?${new URLSearchParams({ ...filter })}`;
}
