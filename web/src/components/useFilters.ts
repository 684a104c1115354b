import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { withFilter } from "../lib/filters";

export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (changes: Record<string, string | undefined>) =>
      setSearch((old) => withFilter(old, changes), { replace: true, preventScrollReset: true }),
    [setSearch],
  );
  return [search, set] as const;
}
