import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keys } from "../api/keys";

const gather = 400;
const pollEvery = 20_000;

/**
 * Follows the server's stream of changes. Changes are gathered for a moment, because one decision makes several events;
 * while the stream is down the lists are asked for again at intervals.
 */
export function useLive(enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) {
      return;
    }
    const cases = new Set<string>();
    let timer: number | undefined;
    let polling: number | undefined;

    const flush = () => {
      timer = undefined;
      refresh(client, [...cases]);
      cases.clear();
    };
    const later = () => {
      timer ??= window.setTimeout(flush, gather);
    };

    const source = new EventSource("/api/v1/stream");
    source.addEventListener("change", (event) => {
      const change = parse(event);
      if (change?.case) {
        cases.add(change.case);
      }
      later();
    });
    source.addEventListener("counts", later);
    source.addEventListener("incidents", () => client.invalidateQueries({ queryKey: keys.incidents() }));
    source.addEventListener("clock", () => {
      client.invalidateQueries({ queryKey: keys.clock });
      later();
    });
    source.onopen = () => {
      window.clearInterval(polling);
      polling = undefined;
    };
    source.onerror = () => {
      polling ??= window.setInterval(() => refresh(client, []), pollEvery);
    };
    return () => {
      source.close();
      window.clearTimeout(timer);
      window.clearInterval(polling);
    };
  }, [client, enabled]);
}

function parse(event: MessageEvent): { case?: string } | undefined {
  try {
    return JSON.parse(event.data);
  } catch {
    return undefined;
  }
}

/** Asks again for everything a change of some cases may show in; no case named means any. */
export function refresh(client: QueryClient, cases: string[]): void {
  for (const queryKey of [
    keys.counts,
    keys.tasks(),
    keys.copies(),
    keys.cases(),
    keys.polls(),
    keys.lists(),
    keys.notices(),
    keys.clock,
    keys.messages(),
  ]) {
    client.invalidateQueries({ queryKey });
  }
  if (cases.length === 0) {
    client.invalidateQueries({ queryKey: ["case"] });
    client.invalidateQueries({ queryKey: ["poll"] });
    client.invalidateQueries({ queryKey: keys.incidents() });
  }
  for (const number of cases) {
    client.invalidateQueries({ queryKey: keys.case(number) });
    client.invalidateQueries({ queryKey: keys.poll(number) });
  }
}
