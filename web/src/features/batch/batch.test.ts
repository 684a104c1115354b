import { expect, it } from "vitest";
import { batchLink, countWords, progress, sourceOf } from "./batch";

const counts = { total: 0, planned: 0, sent: 0, done: 0, skipped: 0, failed: 0 };

it("reckons progress from what has its result", () => {
  expect(progress(counts)).toBe(0);
  expect(progress({ ...counts, total: 3, planned: 2, skipped: 1 })).toBe(33);
  expect(progress({ ...counts, total: 300, sent: 1, done: 299 })).toBe(99);
  expect(progress({ ...counts, total: 3, done: 2, failed: 1 })).toBe(100);
});

it("says the numbers and leaves out what there is none of", () => {
  expect(countWords({ ...counts, total: 4, done: 3, skipped: 1 })).toBe("共 4 件，已办 3 件，略过 1 件");
});

it("reads from the address what is to be chosen", () => {
  const read = (query: string) => sourceOf(new URLSearchParams(query));
  expect(read("")).toEqual({ cases: {} });
  expect(read("from=cases&kind=admission&state=completed&card=red&unit=XW&stage=formal-review&text=x&after=1")).toEqual({
    cases: { kind: "admission", card: "red", unit: "XW", stage: "formal-review", text: "x" },
  });
  expect(read("from=incidents&kind=overdue&state=all&assignee=me")).toEqual({
    incidents: { kind: "overdue", assignee: "me" },
  });
  expect(read("from=incidents")).toEqual({});
});

it("makes a link from a filter that reads as the same filter", () => {
  const link = batchLink("incidents", { kind: "overdue", unit: "XW-CZ", text: "财政 局", mine: true, after: undefined });
  expect(sourceOf(new URL(link, "http://x").searchParams)).toEqual({
    incidents: { kind: "overdue", unit: "XW-CZ", text: "财政 局" },
  });
});
