import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Message, NotifyChoice, NotifyChoiceInput } from "../../api/types";
import { usePages } from "../../components/usePages";
import { compact } from "../../lib/filters";

export function useMessages(unread: boolean) {
  return usePages<Message>(keys.messages({ unread }), (after) =>
    data(api.GET("/api/v1/me/messages", { params: { query: { ...compact({ unread, after }), limit: 30 } } })),
  );
}

/** Marks one message, or all up to the newest one on the screen: what came in later stays unread. */
export function useRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: { id: string } | { through: string }) =>
      "id" in what
        ? api.POST("/api/v1/me/messages/{id}/read", { params: { path: { id: what.id } } })
        : api.POST("/api/v1/me/messages/read-all", { body: { through: what.through } }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.messages() }),
        client.invalidateQueries({ queryKey: keys.counts }),
      ]),
  });
}

export function useNotifyChoice() {
  return useQuery({
    queryKey: keys.notifyChoice,
    queryFn: () => data<NotifyChoice>(api.GET("/api/v1/me/notify")),
  });
}

export function useSaveChoice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NotifyChoiceInput) =>
      data<NotifyChoice>(api.PUT("/api/v1/me/notify", { body })),
    onSuccess: (choice) => client.setQueryData(keys.notifyChoice, choice),
  });
}
