import type {
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  RJSFSchema,
} from "@rjsf/utils";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import type { FormData } from "../../api/types";
import { isAsked, sectionsOf } from "../../lib/form";
import type { FormFieldsContext } from "./FormFields";

/** One field: label, control, what is wrong, and the help beside it. */
export function FieldTemplate(props: FieldTemplateProps<FormData, RJSFSchema>) {
  const { id, label, required, schema, children, rawErrors, rawDescription, hidden, displayLabel } = props;
  if (hidden) {
    return <div hidden>{children}</div>;
  }
  if (id === "f") {
    return <>{children}</>;
  }
  const errors = [...new Set(rawErrors ?? [])];
  const nested = id.split("_").length > 2 && schema.type === "boolean";
  if (nested) {
    return <div className="check-field">{children}</div>;
  }
  const single = schema.type === "boolean";
  const group = schema.type === "object" || schema.type === "array" || Boolean(schema.oneOf);
  // The items of a list, and the object inside of one, bring their own frame.
  if (/_\d+(_item)?$/.test(id) && schema.type === "object") {
    return <>{children}</>;
  }
  const Label = group ? "p" : "label";
  return (
    <Frame group={group} labelledBy={`${id}-label`}>
      <div className="form-control">
        {(displayLabel || group) && !single && (
          <Label className="field-label" id={`${id}-label`} {...(group ? {} : { htmlFor: id })}>
            {label}
            {required ? <span className="must">必填</span> : null}
          </Label>
        )}
        {children}
        {errors.length > 0 && (
          <div role="alert">
            <ul className="field-errors" id={`${id}__error`}>
              {errors.map((e) => (
                <li key={e}>{e}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
      {rawDescription && (
        <p className="form-help" id={`${id}__description`}>
          {rawDescription}
        </p>
      )}
    </Frame>
  );
}

/** A choice or a group of boxes is named as a group; a single control is named by its own label. */
function Frame({ group, labelledBy, children }: { group: boolean; labelledBy: string; children: ReactNode }) {
  return group ? (
    <fieldset className="form-field" aria-labelledby={labelledBy}>
      {children}
    </fieldset>
  ) : (
    <div className="form-field">{children}</div>
  );
}

/** The root in sections, as the procedure orders them; a nested object as a small grid. */
export function ObjectTemplate(props: ObjectFieldTemplateProps<FormData, RJSFSchema>) {
  const { properties, registry } = props;
  const context = registry.formContext as FormFieldsContext;
  if (props.fieldPathId.$id !== "f") {
    const inner = Object.values(props.schema.properties ?? {});
    const checks = inner.every((s) => typeof s !== "boolean" && s.type === "boolean");
    return <div className={checks ? "check-grid" : "form-fields"}>{properties.map((p) => p.content)}</div>;
  }
  const { procedure, form } = context;
  const sections = sectionsOf(procedure.schema, procedure.ui);
  return (
    <>
      {sections.map((s, i) => {
        const fields = s.fields.filter((f) => isAsked(f, form, procedure.ui));
        const shown = properties.filter((p) => fields.includes(p.name));
        const filled = fields.some((f) => form[f] !== undefined && form[f] !== "");
        return shown.length > 0 ? (
          <Section key={s.title} title={`${i + 1}. ${s.title}`} help={s.help} collapsed={s.collapsed && !filled}>
            {fields.map((f) => shown.find((p) => p.name === f)?.content)}
          </Section>
        ) : null;
      })}
    </>
  );
}

interface SectionProps {
  title: string;
  help?: string;
  collapsed?: boolean;
  children: ReactNode;
}

function Section({ title, help, collapsed, children }: SectionProps) {
  const [open, setOpen] = useState(!collapsed);
  return (
    <section className="panel form-section" aria-label={title}>
      {collapsed === undefined ? (
        <h2>{title}</h2>
      ) : (
        <h2>
          <button type="button" className="section-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
            {title} <span className="muted">{open ? "收起" : "需要时展开填写"}</span>
          </button>
        </h2>
      )}
      {help && <p className="muted">{help}</p>}
      {open && <div className="form-fields">{children}</div>}
    </section>
  );
}

/** A list of items that can be added, removed and moved. */
export function ArrayTemplate({ items, canAdd, onAddClick }: ArrayFieldTemplateProps<FormData[], RJSFSchema>) {
  return (
    <div className="form-items">
      {items}
      {canAdd && <Button onClick={onAddClick}>增加一项</Button>}
    </div>
  );
}

export function ArrayItemTemplate({
  children,
  index,
  buttonsProps,
}: ArrayFieldItemTemplateProps<FormData[], RJSFSchema>) {
  const { hasRemove, onRemoveItem, hasMoveUp, onMoveUpItem, hasMoveDown, onMoveDownItem } = buttonsProps;
  return (
    <section className="form-item" aria-label={`第 ${index + 1} 项`}>
      <div className="row form-item-head">
        <strong>第 {index + 1} 项</strong>
        <span className="row">
          {hasMoveUp && (
            <Button size="small" onClick={onMoveUpItem}>
              上移
            </Button>
          )}
          {hasMoveDown && (
            <Button size="small" onClick={onMoveDownItem}>
              下移
            </Button>
          )}
          {hasRemove && (
            <Button size="small" danger onClick={onRemoveItem} aria-label={`移除第 ${index + 1} 项`}>
              移除
            </Button>
          )}
        </span>
      </div>
      {children}
    </section>
  );
}
