import { expect, it } from "vitest";
import type { ActionOffer } from "../../api/types";
import { answersOf, givenBy, groupOffers, isQuick } from "./offers";

const offer = (action: string, task?: string, needs: Partial<ActionOffer["needs"]> = {}): ActionOffer => ({
  action,
  task,
  label: action,
  main: false,
  danger: false,
  allowed: true,
  needs: { opinion: false, attachment: false, target: false, ...needs },
});
const offers = [
  offer("withdraw"),
  offer("answer", "A/2"),
  offer("urge", "A/2"),
  offer("answer", "A/2"),
  offer("answer", "A/3"),
];

it("keeps the answers of one task together and the case last", () => {
  expect(groupOffers(offers).map((g) => [g.key, g.answers.length, g.others.length])).toEqual([
    ["A/2", 2, 1],
    ["A/3", 1, 0],
    ["", 0, 1],
  ]);
  expect(answersOf(offers, "A/2")).toHaveLength(2);
});

it("does at once only what decides nothing and asks nothing", () => {
  expect(isQuick(offer("urge", "A/2"))).toBe(true);
  expect(isQuick(offer("urge", "A/2", { opinion: true }))).toBe(false);
  expect(isQuick(offer("withdraw"))).toBe(false);
});

it("makes the choice where there is none, and begins with a display that is long enough", () => {
  const one = { notice: "n1", title: "清册公示", until: "2026-09-12" };
  expect(givenBy(offer("republish", undefined, { notice: [one], least: 15 }))).toEqual({ notice: "n1", days: 15 });
  expect(givenBy(offer("republish", undefined, { notice: [one, { ...one, notice: "n2" }] }))).toEqual({});
  expect(givenBy(offer("withdraw"))).toEqual({});
});
