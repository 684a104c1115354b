import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/errors";
import { changedWords, emptyParts, fieldsFor, inserted, placeholderOf, refusedParts } from "./templates";

describe("placeholders", () => {
  it("are written as the server reads them; the lines of a digest are repeated", () => {
    expect(placeholderOf("Name")).toBe("{{.Name}}");
    expect(placeholderOf("Items")).toContain("{{range .Items}}");
    const fields = ["Name", "Items"].map((field) => ({ field, means: "" }));
    expect(fieldsFor("urged", fields).map((f) => f.field)).toEqual(["Name"]);
    expect(fieldsFor("digest", fields).map((f) => f.field)).toEqual(["Name", "Items"]);
  });

  it("go where the caret is, in the place of what is chosen", () => {
    expect(inserted("催办", 2, 2, "X")).toEqual({ text: "催办X", caret: 3 });
    expect(inserted("催办：完", 0, 2, "{{.Name}}")).toEqual({ text: "{{.Name}}：完", caret: 9 });
    expect(inserted("催办", 2, 0, "X")).toEqual({ text: "X", caret: 1 });
    expect(inserted("", 9, 9, "X")).toEqual({ text: "X", caret: 1 });
  });
});

it("notices what is not kept, and what is empty", () => {
  const kept = { subject: "甲", text: "乙" };
  expect(changedWords(kept, { ...kept })).toBe(false);
  expect(changedWords(kept, { ...kept, text: "乙 " })).toBe(true);
  expect(emptyParts(kept)).toEqual({});
  expect(emptyParts({ subject: " ", text: "\n" })).toEqual({ subject: "请填写标题", text: "请填写正文" });
});

it("shows a refusal at its part", () => {
  const fields = [
    { path: "text", code: "notify.template", message: "正文不能填写：x。" },
    { path: "kind", code: "x", message: "y" },
  ];
  expect(refusedParts(new ApiError(422, "notify.template", "…", fields))).toEqual({ text: "正文不能填写：x。" });
  expect(refusedParts(new Error("x"))).toEqual({});
  expect(refusedParts(undefined)).toEqual({});
});
