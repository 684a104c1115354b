import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api, data, idempotent, once } from "../../api/client";
import { ApiError } from "../../api/errors";
import { keys } from "../../api/keys";
import type {
  Affected,
  Incident,
  IncidentCounts,
  IncidentDetail,
  MachineHealth,
  Order,
  Proposal,
  Remedy,
  RemedyResult,
  Runs,
  SavedView,
  Swept,
} from "../../api/types";
import { useMe } from "../../app/session";
import { usePages } from "../../components/usePages";
import { compact } from "../../lib/filters";
import { newKey } from "../../lib/ids";
import type { OrderInput } from "./remedies";

export interface IncidentFilter {
  kind?: Incident["kind"];
  state?: Incident["state"] | "all";
  unit?: string;
  assignee?: string;
  case?: string;
  text?: string;
}

export function useIncidents(filter: IncidentFilter) {
  return usePages<Incident>(keys.incidents(filter), (after) =>
    data(api.GET("/api/v1/incidents", { params: { query: { ...filter, ...compact({ after }), limit: 50 } } })),
  );
}

export function useIncidentCounts() {
  return useQuery({
    queryKey: keys.incidentCounts,
    queryFn: () => data<IncidentCounts>(api.GET("/api/v1/incidents/counts")),
  });
}

export function useRuns() {
  return useQuery({
    queryKey: keys.incidentRuns,
    queryFn: () => data<Runs>(api.GET("/api/v1/incidents/runs")),
    refetchInterval: 15_000,
  });
}

/** How the programs, the database and the engine are now. */
export function useMachine() {
  return useQuery({
    queryKey: keys.machine,
    queryFn: () => data<MachineHealth>(api.GET("/api/v1/ops/health")),
    refetchInterval: 15_000,
  });
}

const read = (id: string, after?: string) =>
  data<IncidentDetail>(
    api.GET("/api/v1/incidents/{id}", {
      params: { path: { id }, query: { ...compact({ after }), limit: 50 } },
    }),
  );

export function useIncident(id: string) {
  return useQuery({ queryKey: keys.incident(id), queryFn: () => read(id) });
}

/** All cases of an incident, page by page. */
export function useAffected(id: string) {
  return usePages<Affected>(keys.incident(id, "cases"), async (after) => (await read(id, after)).cases);
}

/** Operators act, the others read. */
export function useOperates(): boolean {
  return useMe().active.role === "operator";
}

export function useSweep() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => data<Swept>(api.POST("/api/v1/incidents/sweep", { params: { header: once() } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.incidents() }),
  });
}

export type Deed = { what: "acknowledge" | "comment" | "resolve"; text: string } | { what: "assign"; user: string; text: string };

/** What is done about an incident itself. It is refused when somebody else was first; the page then shows what they did. */
export function useDeed(incident: Incident) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deed: Deed) => {
      const params = { path: { id: incident.id }, header: once() };
      const { version } = incident;
      switch (deed.what) {
        case "acknowledge":
          return api.POST("/api/v1/incidents/{id}/acknowledge", { params, body: { version, ...compact({ text: deed.text }) } });
        case "assign":
          return api.POST("/api/v1/incidents/{id}/assign", {
            params,
            body: { version, user: deed.user, ...compact({ text: deed.text }) },
          });
        case "comment":
          return api.POST("/api/v1/incidents/{id}/comment", { params, body: { version, text: deed.text } });
        default:
          return api.POST("/api/v1/incidents/{id}/resolve", { params, body: { version, text: deed.text } });
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.incidents() }),
  });
}

/**
 * Orders a remedy. The same order keeps its key until it is answered, so that one repeated after a broken line is never
 * carried out twice.
 */
export function useRemedy(incident: Incident) {
  const client = useQueryClient();
  const sent = useRef({ content: "", key: "" });
  return useMutation({
    mutationFn: ({ remedy, order }: { remedy: Remedy; order: OrderInput }) => {
      const body: Order = { remedy: remedy.remedy as Order["remedy"], version: incident.version, ...order };
      const content = JSON.stringify(body);
      if (sent.current.content !== content) {
        sent.current = { content, key: newKey() };
      }
      return data<RemedyResult>(
        api.POST("/api/v1/incidents/{id}/remedies", {
          params: { path: { id: incident.id }, header: idempotent(sent.current.key) },
          body,
        }),
      );
    },
    onSuccess: () => {
      sent.current = { content: "", key: "" };
    },
    onSettled: (_, error) => {
      if (!(error instanceof ApiError && error.unknown)) {
        client.invalidateQueries({ queryKey: keys.incidents() });
        client.invalidateQueries({ queryKey: ["case"] });
      }
    },
  });
}

/** Remedies that wait for a second person. */
export function useProposals() {
  return useQuery({
    queryKey: keys.remedies,
    queryFn: () => data<Proposal[]>(api.GET("/api/v1/remedies", { params: { query: { state: "pending" } } })),
  });
}

/** An operator or a supervisor may be the second person; the server sees to it that it is not the first one. */
export function useConfirms(): boolean {
  return ["operator", "supervision"].includes(useMe().active.role);
}

export function useDecide(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ yes, reason }: { yes: boolean; reason: string }) => {
      const params = { path: { id }, header: once() };
      if (yes) {
        return data<RemedyResult>(api.POST("/api/v1/remedies/{id}/confirm", { params, body: { reason } }));
      }
      await api.POST("/api/v1/remedies/{id}/decline", { params, body: { reason } });
      return undefined;
    },
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.incidents() });
      client.invalidateQueries({ queryKey: ["case"] });
    },
  });
}

/** The page under which the views of 运行监控 are kept. */
const page = "ops";

export function useViews() {
  return useQuery({
    queryKey: keys.views(page),
    queryFn: () => data<SavedView[]>(api.GET("/api/v1/views", { params: { query: { page } } })),
  });
}

export function useView(id: string) {
  return useQuery({
    queryKey: keys.view(id),
    queryFn: () => data<SavedView>(api.GET("/api/v1/views/{id}", { params: { path: { id } } })),
  });
}

export function useSaveView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, query }: { name: string; query: string }) =>
      data<SavedView>(
        api.PUT("/api/v1/views/{id}", {
          params: { path: { id: newKey() }, header: once() },
          body: { page, name, query },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.views(page) }),
  });
}

export function useDropView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.DELETE("/api/v1/views/{id}", { params: { path: { id }, header: once() } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.views(page) }),
  });
}
