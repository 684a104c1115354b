import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useRef } from "react";
import { api, data, idempotent } from "../../api/client";
import { settled } from "../../api/command";
import { ApiError } from "../../api/errors";
import type { ActionOffer, ActionResult } from "../../api/types";
import { refresh } from "../../app/live";
import { newKey } from "../../lib/ids";

/** What a person says with an action, in the words of the API. */
export interface ActInput {
  opinion?: string;
  files?: string[];
  target?: { unit: string; role?: string; user?: string };
  return_to?: string;
  mode?: "rerun" | "straight";
  ground?: string;
  removed?: string;
  notice?: string;
  days?: number;
}

/**
 * Sends an action. The same content keeps its key until it is answered, so that a request repeated after a broken line
 * is never carried out twice; another content gets a new key.
 */
export function useAct(number: string) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const sent = useRef({ content: "", key: "" });

  return useMutation({
    mutationFn: async ({ offer, input }: { offer: ActionOffer; input: ActInput }) => {
      const body = strip({ action: offer.action, answer: offer.answer, ...input });
      const content = JSON.stringify([offer.task, body]);
      if (sent.current.content !== content) {
        sent.current = { content, key: newKey() };
      }
      const headers = idempotent(sent.current.key);
      const result = offer.task
        ? await data<ActionResult>(
            api.POST("/api/v1/tasks/{id}/actions", {
              params: { path: { id: offer.task }, header: headers },
              body: body as never,
            }),
          )
        : await data<ActionResult>(
            api.POST("/api/v1/cases/{number}/actions", {
              params: { path: { number }, header: headers },
              body: body as never,
            }),
          );
      const key = "pending";
      try {
        return await settled(result, () =>
          message.open({ key, type: "loading", content: "已收到，正在办理，请稍候…", duration: 0 }),
        );
      } finally {
        message.destroy(key);
      }
    },
    onSuccess: () => {
      sent.current = { content: "", key: "" };
    },
    onSettled: (_, error) => {
      // After a refusal the page may be behind what others did.
      if (!(error instanceof ApiError && error.unknown)) {
        refresh(client, [number]);
      }
    },
  });
}

function strip(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([, v]) => v !== undefined && v !== "" && !(Array.isArray(v) && v.length === 0)),
  );
}
