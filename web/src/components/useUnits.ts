import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, data } from "../api/client";
import { keys } from "../api/keys";
import type { Person, Unit } from "../api/types";

export function useUnits() {
  return useQuery({
    queryKey: keys.units,
    queryFn: () => data<Unit[]>(api.GET("/api/v1/units")),
    staleTime: 10 * 60_000,
  });
}

export function usePeople(unit: string | undefined) {
  return useQuery({
    queryKey: keys.people(unit ?? ""),
    enabled: Boolean(unit),
    queryFn: () => data<Person[]>(api.GET("/api/v1/units/{code}/people", { params: { path: { code: unit ?? "" } } })),
  });
}

export interface UnitNode {
  value: string;
  title: string;
  children: UnitNode[];
}

/** The units as a tree; a unit whose parent is not visible stands at the top. */
export function unitTree(units: Unit[]): UnitNode[] {
  const nodes = new Map(units.map((u) => [u.code, { value: u.code, title: u.name, children: [] as UnitNode[] }]));
  const top: UnitNode[] = [];
  for (const unit of units) {
    const node = nodes.get(unit.code);
    if (node) {
      (nodes.get(unit.parent ?? "")?.children ?? top).push(node);
    }
  }
  return top;
}

export function useUnitTree() {
  const query = useUnits();
  const tree = useMemo(() => (query.data ? unitTree(query.data) : []), [query.data]);
  return { ...query, tree };
}
