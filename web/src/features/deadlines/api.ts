import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { DueBoard, DueTask } from "../../api/types";
import { usePages } from "../../components/usePages";
import { compact } from "../../lib/filters";

export interface BoardFilter {
  days: number;
  unit?: string;
}

export interface CellChoice {
  column: string;
  holder?: string;
}

export function useBoard(filter: BoardFilter) {
  return useQuery({
    queryKey: keys.board(filter),
    queryFn: () => data<DueBoard>(api.GET("/api/v1/board/deadlines", { params: { query: { ...compact({ ...filter }) } } })),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });
}

export function useCell(filter: BoardFilter, cell: CellChoice) {
  return usePages<DueTask>(keys.board({ ...filter, ...cell }), (after) =>
    data(
      api.GET("/api/v1/board/deadlines/tasks", {
        params: { query: { ...compact({ ...filter, holder: cell.holder, after }), column: cell.column, limit: 50 } },
      }),
    ),
  );
}
