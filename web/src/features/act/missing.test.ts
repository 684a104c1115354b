import { expect, it } from "vitest";
import type { ActionOffer } from "../../api/types";
import { missingIn } from "./missing";

const offer = (needs: Partial<ActionOffer["needs"]>): ActionOffer => ({
  action: "answer",
  label: "",
  main: false,
  danger: false,
  allowed: true,
  needs: { opinion: false, attachment: false, target: false, ...needs },
});

it.each([
  ["nothing", {}, {}, 0, 0],
  ["opinion of blanks", { opinion: true }, { opinion: "  " }, 0, 1],
  ["opinion", { opinion: true }, { opinion: "同意" }, 0, 0],
  ["attachment", { attachment: true }, {}, 0, 1],
  ["attachment given", { attachment: true }, {}, 1, 0],
  ["unit without post", { target: true }, { target: { unit: "0101" } }, 0, 1],
  ["target", { target: true }, { target: { unit: "0101", role: "street.office" } }, 0, 0],
  ["return without stage and mode", { return_to: [{ stage: "a", title: "甲" }] }, {}, 0, 2],
  ["return", { return_to: [{ stage: "a", title: "甲" }] }, { return_to: "a", mode: "rerun" as const }, 0, 0],
  ["ground", { ground: [{ ground: "review", title: "鉴定" }] }, {}, 0, 1],
  ["notice without choice and days", { notice: [{ notice: "n1", title: "公告", until: "" }], days: 90 }, {}, 0, 2],
  ["display that is too short", { notice: [{ notice: "n1", title: "公告", until: "" }], days: 90, least: 15 }, { notice: "n1", days: 14 }, 0, 1],
  ["display", { notice: [{ notice: "n1", title: "公告", until: "" }], days: 90, least: 15 }, { notice: "n1", days: 15 }, 0, 0],
  ["removed", { removable: [{ task: "A/1", title: "甲" }] }, {}, 0, 1],
])("%s", (_, needs, input, files, n) => expect(missingIn(offer(needs), input, files)).toHaveLength(n));
