import { useQuery } from "@tanstack/react-query";
import { api, data } from "../api/client";
import { keys } from "../api/keys";
import type { Role } from "../api/types";

/** The kinds of post there are, in the order in which an administrator chooses. */
export function useRoles() {
  return useQuery({
    queryKey: keys.roles,
    queryFn: () => data<Role[]>(api.GET("/api/v1/roles")),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
