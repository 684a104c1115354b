import { expect, it } from "vitest";
import { verdictOf } from "./verdict";

it.each([
  [[], "ask"],
  [["assist"], "yes"],
  [["duty", "assist"], "yes"],
  [["assist", "negative"], "no"],
])("%j", (kinds, is) => expect(verdictOf(kinds).is).toBe(is));
