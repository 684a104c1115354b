import { ApiError } from "../../api/errors";
import type { MessageTemplate, TemplateField, TemplateWords } from "../../api/types";

/** The parts of a template, as the server names them. */
export type Part = "subject" | "text";

export const partNames: Record<Part, string> = { subject: "标题", text: "正文" };

/** What is written into a template for a field. The lines of a digest are repeated. */
export function placeholderOf(field: string): string {
  return field === "Items" ? "{{range .Items}}· {{.Case}}「{{.Title}}」\n{{end}}" : `{{.${field}}}`;
}

/** The fields that can be put into a template: only a digest has lines. */
export function fieldsFor(kind: MessageTemplate["kind"], fields: TemplateField[]): TemplateField[] {
  return kind === "digest" ? fields : fields.filter((f) => f.field !== "Items");
}

/** Puts something in the place of what is chosen in a text, and says where the caret is then. */
export function inserted(text: string, from: number, to: number, what: string): { text: string; caret: number } {
  const [start, end] = [Math.min(from, to, text.length), Math.min(Math.max(from, to), text.length)];
  return { text: text.slice(0, start) + what + text.slice(end), caret: start + what.length };
}

/** Whether anything was typed that is not kept. */
export function changedWords(kept: TemplateWords, now: TemplateWords): boolean {
  return kept.subject !== now.subject || kept.text !== now.text;
}

/** What is missing before the server has to be asked. */
export function emptyParts(words: TemplateWords): Partial<Record<Part, string>> {
  const empty: Partial<Record<Part, string>> = {};
  for (const part of ["subject", "text"] as const) {
    if (!words[part].trim()) {
      empty[part] = `请填写${partNames[part]}`;
    }
  }
  return empty;
}

/** What the server refused, at the part it refused. */
export function refusedParts(error: unknown): Partial<Record<Part, string>> {
  const refused: Partial<Record<Part, string>> = {};
  if (error instanceof ApiError) {
    for (const { path, message } of error.fields) {
      if (path === "subject" || path === "text") {
        refused[path] ??= message;
      }
    }
  }
  return refused;
}

/** What the three samples of a preview are, in the order of the server. */
export const sampleNames = ["内容齐全", "内容最少", "名称里有标记"] as const;
