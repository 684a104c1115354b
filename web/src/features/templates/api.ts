import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, once } from "../../api/client";
import { keys } from "../../api/keys";
import type { MessageTemplate, TemplateList, TemplatePreview, TemplateWords } from "../../api/types";

export function useTemplates() {
  return useQuery({
    queryKey: keys.templates,
    queryFn: () => data<TemplateList>(api.GET("/api/v1/notify/templates")),
  });
}

/** The words filled in with samples; a refusal says why they cannot be. */
export function usePreview(kind: MessageTemplate["kind"], words: TemplateWords, enabled: boolean) {
  return useQuery({
    queryKey: keys.templatePreview(kind, words),
    enabled,
    placeholderData: keepPreviousData,
    queryFn: () =>
      data<TemplatePreview>(
        api.POST("/api/v1/notify/templates/{kind}/preview", { params: { path: { kind } }, body: words }),
      ),
  });
}

export function useSaveTemplate(kind: MessageTemplate["kind"]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (words: TemplateWords) =>
      data<MessageTemplate>(
        api.PUT("/api/v1/notify/templates/{kind}", { params: { path: { kind }, header: once() }, body: words }),
      ),
    onSuccess: (saved) =>
      client.setQueryData<TemplateList>(
        keys.templates,
        (old) => old && { ...old, items: old.items.map((t) => (t.kind === saved.kind ? saved : t)) },
      ),
  });
}
