import { expect, it } from "vitest";
import type { Me } from "../api/types";
import { bottomOf, isAt, menuOf } from "./menu";

const bottom = (menu: Me["menu"]) => bottomOf(menuOf({ menu } as Me)).map((e) => e.key);

it("keeps the role's own page among the four of a phone", () => {
  expect(bottom(["desk", "launch", "cases", "votes", "lists", "notices"])).toEqual(["desk", "launch", "cases", "votes"]);
  expect(bottom(["desk", "cases", "votes", "lists", "notices", "ops"])).toEqual(["desk", "cases", "votes", "ops"]);
  expect(bottom(["desk", "cases", "votes", "lists", "notices", "ops", "admin"])).toEqual(["desk", "cases", "votes", "admin"]);
});

it("needs no 更多 for a fifth entry", () => {
  expect(bottom(["desk", "cases", "lists", "notices", "deadlines"])).toHaveLength(5);
});

it("knows which entry a page belongs to", () => {
  const menu = menuOf({ menu: ["ops"] } as unknown as Me);
  const at = ["/ops", "/ops/health", "/opsx", "/"].map((path) => menu.map((e) => isAt(e, path)));
  expect(at).toEqual([[true], [true], [false], [false]]);
});
