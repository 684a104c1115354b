import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Check, Draft, FormData, Procedure, ProcedureCard } from "../../api/types";

export function useProcedures() {
  return useQuery({
    queryKey: keys.procedures,
    queryFn: () => data<ProcedureCard[]>(api.GET("/api/v1/procedures")),
    staleTime: 60_000,
  });
}

export function useProcedure(kind: string) {
  return useQuery({
    queryKey: keys.procedure(kind),
    queryFn: () => data<Procedure>(api.GET("/api/v1/procedures/{kind}", { params: { path: { kind } } })),
    staleTime: 60_000,
  });
}

export function useDrafts() {
  return useQuery({ queryKey: keys.drafts, queryFn: () => data<Draft[]>(api.GET("/api/v1/drafts")) });
}

/** The running check of a form, asked once the typing has stopped for a moment. It never writes. */
export function useCheck(kind: string, form: FormData, draft: string | undefined) {
  const text = useSettled(JSON.stringify(form), 600);
  return useQuery({
    queryKey: ["check", kind, text],
    queryFn: () =>
      data<Check>(
        api.POST("/api/v1/procedures/{kind}/check", {
          params: { path: { kind } },
          body: { form: JSON.parse(text), ...(draft ? { draft } : {}) },
        }),
      ),
    // The last judgement stays on screen while the next one is asked for.
    placeholderData: (old) => old,
    staleTime: 30_000,
    gcTime: 60_000,
  });
}

function useSettled<T>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), delay);
    return () => window.clearTimeout(timer);
  }, [value, delay]);
  return settled;
}
