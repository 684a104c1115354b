import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Case, Copy, TaskRow } from "../../api/types";
import { usePages } from "../../components/usePages";
import { compact } from "../../lib/filters";

const limit = 30;

export interface TaskFilter {
  box: "todo" | "done" | "overdue";
  due?: "today" | "yellow" | "red";
  text?: string;
}

export function useTasks(filter: TaskFilter, enabled = true) {
  return usePages<TaskRow>(
    keys.tasks(filter),
    (after) => data(api.GET("/api/v1/tasks", { params: { query: { ...compact({ ...filter, after }), limit } } })),
    enabled,
  );
}

export function useCopies(unread: boolean, enabled = true) {
  return usePages<Copy>(
    keys.copies({ unread }),
    (after) => data(api.GET("/api/v1/copies", { params: { query: { ...compact({ unread, after }), limit } } })),
    enabled,
  );
}

export function useStarted(text: string | undefined, enabled = true) {
  return usePages<Case>(
    keys.cases({ mine: true, text }),
    (after) =>
      data(
        api.GET("/api/v1/cases", {
          params: { query: { ...compact({ text, after }), mine: true, sort: "due", limit } },
        }),
      ),
    enabled,
  );
}
