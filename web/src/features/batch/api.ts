import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, data, idempotent, once } from "../../api/client";
import { keys } from "../../api/keys";
import type { Batch, BatchItem, BatchOrder, IncidentKind, Page, Remedy } from "../../api/types";
import { usePages } from "../../components/usePages";
import { compact } from "../../lib/filters";
import { newKey } from "../../lib/ids";

/** How often the page asks again: of a batch that runs, and of one that somebody else may confirm, start or resume. */
const often = 1_500;
const seldom = 10_000;

export function useBatches() {
  return usePages<Batch>(keys.batches, (after) =>
    data<Page<Batch>>(api.GET("/api/v1/batches", { params: { query: { ...compact({ after }), limit: 50 } } })),
  );
}

export function useBatch(id: string) {
  return useQuery({
    queryKey: keys.batch(id),
    queryFn: () => data<Batch>(api.GET("/api/v1/batches/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === "running" ? often : state !== "done" && seldom;
    },
  });
}

/** The cases of a batch. They are asked for again when its numbers have changed. */
export function useBatchItems(batch: Batch, state?: BatchItem["state"]) {
  const client = useQueryClient();
  const { id } = batch;
  const sum = JSON.stringify(batch.counts);
  const last = useRef(sum);
  useEffect(() => {
    if (last.current !== sum) {
      last.current = sum;
      client.invalidateQueries({ queryKey: keys.batch(id, "items") });
    }
  }, [client, id, sum]);
  return usePages<BatchItem>(keys.batch(id, "items", state ?? "all"), (after) =>
    data<Page<BatchItem>>(
      api.GET("/api/v1/batches/{id}/items", {
        params: { path: { id }, query: { ...compact({ state, after }), limit: 100 } },
      }),
    ),
  );
}

/** What many cases may get at once: those of a kind of incident, or of any case. */
export function useBatchRemedies(kind?: IncidentKind) {
  return useQuery({
    queryKey: keys.batchRemedies(kind),
    queryFn: () => data<Remedy[]>(api.GET("/api/v1/batches/remedies", { params: { query: compact({ kind }) } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Chooses the cases and rehearses. The same order keeps its key until it is answered: a broken line makes no second batch. */
export function useMakeBatch() {
  const client = useQueryClient();
  const sent = useRef({ content: "", key: "" });
  return useMutation({
    mutationFn: (body: BatchOrder) => {
      const content = JSON.stringify(body);
      if (sent.current.content !== content) {
        sent.current = { content, key: newKey() };
      }
      return data<Batch>(api.POST("/api/v1/batches", { params: { header: idempotent(sent.current.key) }, body }));
    },
    onSuccess: () => {
      sent.current = { content: "", key: "" };
      client.invalidateQueries({ queryKey: keys.batches });
    },
  });
}

export type BatchDeed = { what: "run" | "stop" | "resume" } | { what: "confirm"; reason: string };

/** What is done with a batch. It is refused when somebody else was first; the page then shows what they did. */
export function useBatchDeed(batch: Batch) {
  const client = useQueryClient();
  const { id, version } = batch;
  return useMutation({
    mutationFn: (deed: BatchDeed) => {
      const params = { path: { id }, header: once() };
      switch (deed.what) {
        case "run":
          return data<Batch>(api.POST("/api/v1/batches/{id}/run", { params, body: { version } }));
        case "stop":
          return data<Batch>(api.POST("/api/v1/batches/{id}/stop", { params, body: { version } }));
        case "resume":
          return data<Batch>(api.POST("/api/v1/batches/{id}/resume", { params, body: { version } }));
        default:
          return data<Batch>(
            api.POST("/api/v1/batches/{id}/confirm", { params, body: { version, reason: deed.reason } }),
          );
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.batches }),
  });
}
