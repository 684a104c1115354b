import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { api, data, once } from "../api/client";
import { keys } from "../api/keys";
import type { Me } from "../api/types";

export function useMeQuery() {
  return useQuery({ queryKey: keys.me, queryFn: () => data<Me>(api.GET("/api/v1/session")), staleTime: 60_000 });
}

export const MeContext = createContext<Me | undefined>(undefined);

/** Who is signed in; only below SignedIn. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) {
    throw new Error("useMe outside of SignedIn");
  }
  return me;
}

export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await api.DELETE("/api/v1/session", {});
    client.clear();
    window.location.assign("/login");
  };
}

export function useSwitchPost() {
  const client = useQueryClient();
  return async (post: string) => {
    const me = await data<Me>(api.PUT("/api/v1/session/post", { params: { header: once() }, body: { post } }));
    // Another post sees other cases: nothing of the old view may stay.
    client.clear();
    client.setQueryData(keys.me, me);
  };
}
