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
  /** Cannot be chosen. */
  disabled: boolean;
  children: UnitNode[];
}

/** The name of a unit, with the word that it takes nothing new. */
export function unitTitle(u: Unit): string {
  return u.disabled ? `${u.name}（已停用）` : u.name;
}

/** The units as a tree; a unit whose parent is not visible stands at the top. For something new only units in use can be chosen. */
export function unitTree(units: Unit[], forNew: boolean): UnitNode[] {
  const nodes = new Map(
    units.map((u) => [
      u.code,
      { value: u.code, title: unitTitle(u), disabled: forNew && u.disabled, children: [] as UnitNode[] },
    ]),
  );
  const top: UnitNode[] = [];
  for (const unit of units) {
    const node = nodes.get(unit.code);
    if (node) {
      (nodes.get(unit.parent ?? "")?.children ?? top).push(node);
    }
  }
  return top;
}

export function useUnitTree(forNew: boolean) {
  const query = useUnits();
  const tree = useMemo(() => (query.data ? unitTree(query.data, forNew) : []), [query.data, forNew]);
  return { ...query, tree };
}
