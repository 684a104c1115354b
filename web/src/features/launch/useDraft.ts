import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, data, once } from "../../api/client";
import { ApiError, sentenceOf } from "../../api/errors";
import { keys } from "../../api/keys";
import type { Draft, FormData } from "../../api/types";

export interface Content {
  title: string;
  form: FormData;
  files: string[];
}

export type DraftState =
  | { is: "fresh" }
  | { is: "saving" }
  | { is: "saved"; at: Date }
  | { is: "failed"; why: string }
  /** Somebody, or this person in another window, saved a newer version. */
  | { is: "stale"; newer: Draft };

const delay = 2500;

/**
 * Saves a form as a draft a few seconds after the last change. Saves never overlap, and a newer version on the server is
 * never overwritten without asking.
 */
export function useDraft(kind: string, opened: Draft | undefined, content: Content, onCreated: (id: string) => void) {
  const client = useQueryClient();
  const [state, setState] = useState<DraftState>(
    opened ? { is: "saved", at: new Date(opened.saved) } : { is: "fresh" },
  );
  const known = useRef(opened ? { id: opened.id, version: opened.version } : undefined);
  const text = JSON.stringify(content);
  const saved = useRef(text);
  const latest = useRef(text);
  const busy = useRef<Promise<void>>(undefined);
  latest.current = text;

  const write = useCallback(async () => {
    const now = latest.current;
    const body = JSON.parse(now) as Content;
    setState({ is: "saving" });
    try {
      const at = known.current;
      const draft = at
        ? await data<Draft>(
            api.PUT("/api/v1/drafts/{id}", {
              params: { header: once(), path: { id: at.id } },
              body: { version: at.version, ...body },
            }),
          )
        : await data<Draft>(api.POST("/api/v1/drafts", { params: { header: once() }, body: { kind, ...body } }));
      known.current = { id: draft.id, version: draft.version };
      saved.current = now;
      setState({ is: "saved", at: new Date(draft.saved) });
      client.invalidateQueries({ queryKey: keys.drafts, exact: true });
      if (!at) {
        onCreated(draft.id);
      }
    } catch (error) {
      if (error instanceof ApiError && error.code === "draft.stale" && known.current) {
        const newer = await data<Draft>(
          api.GET("/api/v1/drafts/{id}", { params: { path: { id: known.current.id } } }),
        ).catch(() => undefined);
        setState(newer ? { is: "stale", newer } : { is: "failed", why: sentenceOf(error) });
      } else {
        setState({ is: "failed", why: sentenceOf(error) });
      }
    }
  }, [client, kind, onCreated]);

  const save = useCallback(async () => {
    await busy.current;
    if (latest.current !== saved.current) {
      busy.current = write();
      await busy.current;
      busy.current = undefined;
    }
  }, [write]);

  const stale = state.is === "stale";
  useEffect(() => {
    if (text === saved.current || stale) {
      return;
    }
    const timer = window.setTimeout(() => void save(), delay);
    return () => window.clearTimeout(timer);
  }, [text, stale, save]);

  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => {
      if (latest.current !== saved.current) {
        void save();
        e.preventDefault();
      }
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [save]);

  /** Ends a conflict: the newer version is taken over by the page, or overwritten with what the page holds. */
  const resolve = (keepMine: boolean) => {
    if (state.is !== "stale") {
      return undefined;
    }
    const { newer } = state;
    known.current = { id: newer.id, version: newer.version };
    saved.current = keepMine ? "" : JSON.stringify({ title: newer.title, form: newer.form, files: newer.files });
    setState({ is: "saved", at: new Date(newer.saved) });
    if (keepMine) {
      void save();
      return undefined;
    }
    return newer;
  };
  return { state, save, resolve, id: () => known.current?.id };
}
