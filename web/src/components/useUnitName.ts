import { useCallback, useMemo } from "react";
import { useUnits } from "./useUnits";

/** Names units by their code; a code stays visible until the units are read. */
export function useUnitName(): (code: string) => string {
  const { data } = useUnits();
  const names = useMemo(() => new Map((data ?? []).map((u) => [u.code, u.name])), [data]);
  return useCallback((code: string) => names.get(code) ?? code, [names]);
}
