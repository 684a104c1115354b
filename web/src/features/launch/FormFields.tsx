import { Theme } from "@rjsf/antd";
import { withTheme } from "@rjsf/core";
import type { ErrorSchema, RJSFSchema, UiSchema } from "@rjsf/utils";
import { useMemo, useState } from "react";
import type { Finding, FormData, Procedure } from "../../api/types";
import { ArrayItemTemplate, ArrayTemplate, FieldTemplate, ObjectTemplate } from "./templates";
import { useAfterPress } from "./useAfterPress";
import { validator } from "./validator";
import { widgets } from "./widgets";

const Form = withTheme<FormData, RJSFSchema>(Theme as never);

const templates = {
  FieldTemplate,
  ObjectFieldTemplate: ObjectTemplate,
  ArrayFieldTemplate: ArrayTemplate,
  ArrayFieldItemTemplate: ArrayItemTemplate,
} as never;

/** What the templates need to know about the whole form. */
export interface FormFieldsContext {
  procedure: Procedure;
  form: FormData;
}

interface Props {
  procedure: Procedure;
  form: FormData;
  onChange: (form: FormData) => void;
  findings: Finding[];
  refused: { path: string; message: string }[];
  /** Also say what is missing in fields that have not been touched yet. */
  showAll: boolean;
}

/** The fields of a form from its JSON Schema, in sections, each with its help and what is wrong with it. */
export function FormFields({ procedure, form, onChange, findings, refused, showAll }: Props) {
  const { schema, ui } = procedure;
  const [touched, setTouched] = useState<Set<string>>(new Set());
  const afterPress = useAfterPress();
  const uiSchema = useMemo(() => uiSchemaOf(ui.widgets ?? {}), [ui]);
  const errors = useMemo(
    () =>
      errorsOf([
        ...findings.filter((f) => f.level === "block" && f.field && (showAll || isTouched(f.field, touched))),
        ...refused.map((r) => ({ field: r.path.replace(/^form\./, ""), message: r.message })),
      ]),
    [findings, refused, showAll, touched],
  );
  const context = useMemo(() => ({ procedure, form }), [procedure, form]);
  return (
    <Form
      schema={schema as RJSFSchema}
      uiSchema={uiSchema}
      formData={form}
      formContext={context}
      validator={validator}
      templates={templates}
      widgets={widgets}
      extraErrors={errors}
      showErrorList={false}
      noHtml5Validate
      experimental_defaultFormStateBehavior={{ arrayMinItems: { populate: "never" }, constAsDefaults: "skipOneOf" }}
      noValidate
      tagName="div"
      idPrefix="f"
      onChange={(e) => onChange(e.formData ?? {})}
      onBlur={(id) => afterPress(() => setTouched((old) => new Set(old).add(id.split("_").slice(1).join("_"))))}
    >
      {/* The page has its own button. */}
      <span hidden />
    </Form>
  );
}

function uiSchemaOf(named: Record<string, string>): UiSchema<FormData, RJSFSchema> {
  return Object.fromEntries(
    Object.entries(named).map(([field, widget]) => {
      const [name, option] = widget.split(":");
      return [field, { "ui:widget": name, "ui:options": { level: option } }];
    }),
  );
}

/** Nested fields count as touched as soon as one of their neighbours has been. */
function isTouched(field: string, touched: Set<string>): boolean {
  const root = field.split(".")[0] ?? "";
  return [...touched].some((t) => t === root || t.startsWith(`${root}_`));
}

export function errorsOf(found: { field?: string; message: string }[]): ErrorSchema<FormData> {
  const root: Record<string, unknown> = {};
  for (const { field, message } of found) {
    let at = root;
    for (const part of (field ?? "").split(".").filter(Boolean)) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at.__errors = [...((at.__errors as string[] | undefined) ?? []), message];
  }
  return root as ErrorSchema<FormData>;
}
