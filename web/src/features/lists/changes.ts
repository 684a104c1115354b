import type { ListItem } from "../../api/types";
import { longDay } from "../../lib/dates";
import { listKinds } from "../../lib/names";

export interface FieldChange {
  label: string;
  old: string;
  new: string;
}

const fields: [string, (i: ListItem) => string | undefined][] = [
  ["事项", (i) => i.title],
  ["清单", (i) => listKinds[i.kind] ?? i.kind],
  ["牵头部门", (i) => i.department],
  ["社区做什么", (i) => i.part],
  ["频次", (i) => i.frequency],
  ["依据", (i) => i.basis],
  ["有效期", (i) => (i.valid_until ? `至 ${longDay(i.valid_until)}` : "长期有效")],
  ["准入办件", (i) => i.case],
  ["检索词", (i) => (i.keywords ?? []).join("、")],
];

/** The fields in which two versions of an item differ, each with both values. */
export function changesOf(before: ListItem, after: ListItem): FieldChange[] {
  return fields
    .map(([label, read]) => ({ label, old: read(before) || "无", new: read(after) || "无" }))
    .filter((f) => f.old !== f.new);
}
