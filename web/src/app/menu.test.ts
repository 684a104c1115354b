import { expect, it } from "vitest";
import type { Me } from "../api/types";
import { bottomOf, menuOf } from "./menu";

const bottom = (menu: Me["menu"]) => bottomOf(menuOf({ menu } as Me)).map((e) => e.key);

it("keeps the role's own page among the four of a phone", () => {
  expect(bottom(["desk", "launch", "cases", "votes", "lists", "notices"])).toEqual(["desk", "launch", "cases", "votes"]);
  expect(bottom(["desk", "cases", "votes", "lists", "notices", "ops"])).toEqual(["desk", "cases", "votes", "ops"]);
  expect(bottom(["desk", "cases", "votes", "lists", "notices", "ops", "admin"])).toEqual(["desk", "cases", "votes", "admin"]);
});
