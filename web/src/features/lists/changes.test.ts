import { expect, it } from "vitest";
import type { ListItem } from "../../api/types";
import { changesOf } from "./changes";

const item: ListItem = {
  no: "7",
  title: "网点登记",
  kind: "assist",
  department: "统计局",
  part: "引导入户",
  frequency: "按次",
  basis: "示例",
};

it("shows both values of what differs, and nothing else", () => {
  const after = { ...item, part: "只转告", valid_until: "2026-12-20", department: "", keywords: ["网点", "登记"] };
  expect(changesOf(item, after)).toEqual([
    { label: "牵头部门", old: "统计局", new: "无" },
    { label: "社区做什么", old: "引导入户", new: "只转告" },
    { label: "有效期", old: "长期有效", new: "至 2026年12月20日（周日）" },
    { label: "检索词", old: "无", new: "网点、登记" },
  ]);
  expect(changesOf(item, { ...item })).toEqual([]);
});
