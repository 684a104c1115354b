import { describe, expect, it } from "vitest";
import {
  briefFields,
  type FieldSchema,
  type FormHints,
  formToSend,
  isAsked,
  linesOf,
  sectionsOf,
  valueText,
  withDefaults,
} from "./form";

const schema: FieldSchema = {
  type: "object",
  required: ["title", "content", "start", "communities", "fen"],
  properties: {
    title: { type: "string", title: "事项" },
    content: { type: "string", title: "社区做什么" },
    term: { type: "string", title: "类型", oneOf: [{ const: "temporary", title: "临时" }] },
    start: { type: "string", format: "date", title: "期望开始" },
    communities: { type: "array", title: "涉及社区", items: { type: "string" } },
    fen: { type: "integer", title: "每社区经费（元）" },
    demands: {
      type: "object",
      properties: { plaque: { type: "boolean", title: "挂牌" }, body: { type: "boolean", title: "设立机构" } },
    },
    extra: { type: "string", title: "补充" },
  },
};
const hints: FormHints = {
  sections: [
    { title: "事项", fields: ["title", "content", "unknown"] },
    { title: "时间", fields: ["term", "start"] },
  ],
  widgets: { content: "textarea", fen: "money", communities: "units:community" },
  when: { extra: { term: ["long_term"] }, start: { title: true } },
};
const unit = (code: string) => ({ "0101": "槐荫社区", "0102": "石榴巷社区" })[code] ?? code;

describe("sections", () => {
  it("puts every field into exactly one section", () => {
    const sections = sectionsOf(schema, hints);
    expect(sections.map((s) => s.title)).toEqual(["事项", "时间", "其他"]);
    expect(sections.flatMap((s) => s.fields).sort()).toEqual(Object.keys(schema.properties ?? {}).sort());
  });
  it("works without hints", () => expect(sectionsOf(schema, {})).toHaveLength(1));
});

describe("conditions", () => {
  it("asks only for what applies", () => {
    expect(isAsked("extra", { term: "temporary" }, hints)).toBe(false);
    expect(isAsked("extra", { term: "long_term" }, hints)).toBe(true);
    expect(isAsked("start", { title: "" }, hints)).toBe(false);
    expect(isAsked("start", { title: "事" }, hints)).toBe(true);
    expect(isAsked("content", {}, hints)).toBe(true);
  });
});

describe("values", () => {
  it.each([
    ["fen", 960000, "9,600.00 元"],
    ["fen", 0, "0.00 元"],
    ["communities", ["0101", "0102", "09"], "槐荫社区、石榴巷社区、09"],
    ["term", "temporary", "临时"],
    ["start", "2026-10-26", "2026年10月26日（周一）"],
    ["demands", { plaque: true }, "挂牌：是；设立机构：否"],
    ["title", undefined, ""],
  ])("%s", (field, value, text) =>
    expect(valueText(schema.properties?.[field] ?? {}, value, hints.widgets?.[field], unit)).toBe(text),
  );
  it("writes a list of items line by line", () => {
    const changes: FieldSchema = {
      type: "array",
      items: {
        properties: {
          op: { type: "string", title: "方式", oneOf: [{ const: "add", title: "增加" }] },
          item: {
            type: "object",
            properties: { no: { type: "string", title: "序号" }, title: { type: "string", title: "名称" } },
          },
        },
      },
    };
    expect(valueText(changes, [{ op: "add", item: { no: "", title: "甲" } }], undefined, unit)).toBe(
      "1. 方式：增加；名称：甲",
    );
    expect(valueText({ type: "string" }, "0101", "unit:community", unit)).toBe("槐荫社区");
  });
  it("lists lines in the order asked for and skips unknown fields", () => {
    const lines = linesOf(["fen", "unknown", "content"], schema, hints, { fen: 5, content: "入户" }, unit);
    expect(lines.map((l) => [l.title, l.text, l.long])).toEqual([
      ["每社区经费（元）", "0.05 元", false],
      ["社区做什么", "入户", true],
    ]);
  });
});

describe("the matter in five lines", () => {
  it("takes what the procedure names", () => expect(briefFields(schema, { brief: ["fen"] })).toEqual(["fen"]));
  it("finds the deciding facts otherwise", () =>
    expect(briefFields(schema, hints)).toEqual(["content", "start", "communities", "fen"]));
});

describe("defaults", () => {
  const defaults: FieldSchema = {
    properties: {
      term: { type: "string", default: "temporary" },
      demands: { type: "object", properties: { plaque: { type: "boolean", default: false } } },
      title: { type: "string" },
    },
  };
  it("fills in what is missing only", () => {
    expect(withDefaults(defaults, {})).toEqual({ term: "temporary", demands: { plaque: false } });
    expect(withDefaults(defaults, { term: "long_term", demands: { plaque: true } })).toEqual({
      term: "long_term",
      demands: { plaque: true },
    });
  });
  it("sends neither empty values nor what is not asked for", () =>
    expect(
      formToSend({ title: "", fen: 0, term: "temporary", extra: "x", start: undefined, communities: [] }, hints),
    ).toEqual({
      fen: 0,
      term: "temporary",
    }));
});
