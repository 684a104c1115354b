import { shortDay } from "./dates";
import { formatYuan } from "./money";

/** The parts of a JSON Schema that application forms use. */
export interface FieldSchema {
  type?: string;
  title?: string;
  description?: string;
  format?: string;
  oneOf?: { const?: unknown; title?: string }[];
  enum?: unknown[];
  items?: FieldSchema;
  properties?: Record<string, FieldSchema>;
  required?: string[];
  default?: unknown;
  maxLength?: number;
}

/** Layout hints of a form, in the words of the procedure's own file. */
export interface FormHints {
  sections?: { title: string; fields: string[]; collapsed?: boolean; help?: string }[];
  widgets?: Record<string, string>;
  /** Shows a field only when other fields have one of the named values; true means «filled in». */
  when?: Record<string, Record<string, unknown>>;
  /** The fields that tell the matter in five lines. */
  brief?: string[];
}

export interface FormSection {
  title: string;
  collapsed?: boolean;
  help?: string;
  fields: string[];
}

/** Every field in exactly one section: fields that no section names come last. */
export function sectionsOf(schema: FieldSchema, hints: FormHints): FormSection[] {
  const all = Object.keys(schema.properties ?? {});
  const sections = (hints.sections ?? []).map((s) => ({ ...s, fields: s.fields.filter((f) => all.includes(f)) }));
  const placed = new Set(sections.flatMap((s) => s.fields));
  const rest = all.filter((f) => !placed.has(f));
  if (rest.length > 0) {
    sections.push({ title: sections.length > 0 ? "其他" : (schema.title ?? "填写内容"), fields: rest });
  }
  return sections.filter((s) => s.fields.length > 0);
}

/** Whether a field is asked for, given what the others say. */
export function isAsked(field: string, form: Record<string, unknown>, hints: FormHints): boolean {
  const conditions = hints.when?.[field];
  if (!conditions) {
    return true;
  }
  return Object.entries(conditions).every(([other, wanted]) => {
    const value = form[other];
    if (wanted === true) {
      return Boolean(value);
    }
    return Array.isArray(wanted) ? wanted.includes(value) : value === wanted;
  });
}

/** The value of a field as a person reads it. */
export function valueText(
  schema: FieldSchema,
  value: unknown,
  widget: string | undefined,
  unitName: (code: string) => string,
): string {
  if (value === undefined || value === null || value === "") {
    return "";
  }
  if (widget === "money" && typeof value === "number") {
    return `${formatYuan(value)} 元`;
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items?.properties) {
      return value.map((v, i) => `${i + 1}. ${valueText(items, v, undefined, unitName)}`).join("\n");
    }
    return value.map((v) => (widget?.startsWith("unit") ? unitName(String(v)) : String(v))).join("、");
  }
  if (widget?.startsWith("unit")) {
    return unitName(String(value));
  }
  if (typeof value === "boolean") {
    return value ? "是" : "否";
  }
  if (schema.properties && typeof value === "object") {
    const inner = value as Record<string, unknown>;
    return Object.entries(schema.properties)
      .flatMap(([key, s]) => {
        const text = valueText(s, inner[key], undefined, unitName) || (s.type === "boolean" ? "否" : "");
        return text ? [s.properties ? text : `${s.title ?? key}：${text}`] : [];
      })
      .join("；");
  }
  const named = schema.oneOf?.find((o) => o.const === value);
  if (named?.title) {
    return named.title;
  }
  if (schema.format === "date" || widget === "date") {
    const day = String(value);
    return shortDay(day) ? `${day.slice(0, 4)}年${shortDay(day)}` : day;
  }
  return String(value);
}

export interface Line {
  field: string;
  title: string;
  text: string;
  long: boolean;
}

export function linesOf(
  fields: string[],
  schema: FieldSchema,
  hints: FormHints,
  form: Record<string, unknown>,
  unitName: (code: string) => string,
): Line[] {
  return fields.flatMap((field) => {
    const s = schema.properties?.[field];
    if (!s) {
      return [];
    }
    const widget = hints.widgets?.[field];
    const text = valueText(s, form[field], widget, unitName);
    return [{ field, title: s.title ?? field, text, long: widget === "textarea" || text.length > 40 }];
  });
}

/** The fields that tell the matter in five lines: those the procedure names, or the first that must be filled in. */
export function briefFields(schema: FieldSchema, hints: FormHints): string[] {
  if (hints.brief?.length) {
    return hints.brief.slice(0, 5);
  }
  const widget = (f: string) => hints.widgets?.[f] ?? "";
  const order = sectionsOf(schema, hints).flatMap((s) => s.fields);
  const must = order.filter(
    (f) => f !== "title" && schema.required?.includes(f) && !schema.properties?.[f]?.properties,
  );
  const facts = must.filter((f) => widget(f) !== "textarea" && !schema.properties?.[f]?.oneOf);
  const text = must.find((f) => f === "content") ?? must.find((f) => widget(f) === "textarea");
  return [...(text ? [text] : []), ...facts].slice(0, 5);
}

/** Fills in the defaults of the schema without touching what is there. */
export function withDefaults(schema: FieldSchema, form: Record<string, unknown>): Record<string, unknown> {
  const filled = { ...form };
  for (const [name, s] of Object.entries(schema.properties ?? {})) {
    if (s.properties) {
      filled[name] = withDefaults(s, (filled[name] ?? {}) as Record<string, unknown>);
    } else if (filled[name] === undefined && s.default !== undefined) {
      filled[name] = s.default;
    }
  }
  return filled;
}

/** What is sent: without what is not asked for and without empty values. An empty list is none. */
export function formToSend(form: Record<string, unknown>, hints: FormHints): Record<string, unknown> {
  return Object.fromEntries(Object.entries(form).filter(([field, v]) => !isEmpty(v) && isAsked(field, form, hints)));
}

function isEmpty(v: unknown): boolean {
  return v === undefined || v === null || v === "" || (Array.isArray(v) && v.length === 0);
}
