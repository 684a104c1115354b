import type { RegistryWidgetsType, RJSFSchema, WidgetProps } from "@rjsf/utils";
import { Checkbox, DatePicker, Input, InputNumber, Radio, Select } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import type { FormData } from "../../api/types";
import { useToday } from "../../app/now";
import { unitTitle, useUnits } from "../../components/useUnits";
import { formatYuan, parseYuan } from "../../lib/money";

type Props = WidgetProps<FormData, RJSFSchema>;

function describedBy(id: string, invalid: boolean): string {
  return invalid ? `${id}__error ${id}__description` : `${id}__description`;
}

function common({ id, rawErrors, disabled, readonly }: Props) {
  const invalid = Boolean(rawErrors?.length);
  return {
    id,
    disabled: disabled || readonly,
    status: invalid ? ("warning" as const) : undefined,
    "aria-invalid": invalid,
    "aria-describedby": describedBy(id, invalid),
  };
}

function TextWidget(props: Props) {
  const { id, value, onChange, onBlur, schema } = props;
  if (schema.type === "integer") {
    return <UpDownWidget {...props} />;
  }
  return (
    <Input
      {...common(props)}
      value={value ?? ""}
      maxLength={schema.maxLength}
      onChange={(e) => onChange(e.target.value || undefined)}
      onBlur={() => onBlur(id, value)}
    />
  );
}

function TextareaWidget(props: Props) {
  const { id, value, onChange, onBlur, schema } = props;
  return (
    <Input.TextArea
      {...common(props)}
      value={value ?? ""}
      autoSize={{ minRows: 3, maxRows: 14 }}
      maxLength={schema.maxLength}
      onChange={(e) => onChange(e.target.value || undefined)}
      onBlur={() => onBlur(id, value)}
    />
  );
}

/** A choice of a few is shown whole; many are in a list. */
function SelectWidget(props: Props) {
  const { id, value, onChange, onBlur, options } = props;
  const choices = (options.enumOptions ?? []).map((o) => ({ value: o.value, label: o.label }));
  if (choices.length <= 4) {
    return (
      <Radio.Group
        id={id}
        aria-labelledby={`${id}-label`}
        disabled={props.disabled || props.readonly}
        value={value}
        options={choices}
        onChange={(e) => onChange(e.target.value)}
        onBlur={() => onBlur(id, value)}
      />
    );
  }
  return (
    <Select
      {...common(props)}
      aria-labelledby={`${id}-label`}
      value={value}
      options={choices}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      onChange={(v) => onChange(v)}
      onBlur={() => onBlur(id, value)}
      style={{ width: "100%" }}
    />
  );
}

function CheckboxWidget({ id, value, onChange, label, schema, disabled, readonly }: Props) {
  return (
    <Checkbox
      id={id}
      checked={value === true}
      disabled={disabled || readonly}
      onChange={(e) => onChange(e.target.checked)}
    >
      {schema.title ?? label}
    </Checkbox>
  );
}

/** Whole numbers only. */
function UpDownWidget(props: Props) {
  const { id, value, onChange, onBlur, schema } = props;
  return (
    <InputNumber
      {...common(props)}
      value={value}
      precision={0}
      min={schema.minimum}
      max={schema.maximum}
      controls={false}
      inputMode="numeric"
      onChange={(v) => onChange(v ?? undefined)}
      onBlur={() => onBlur(id, value)}
      style={{ width: 200 }}
    />
  );
}

/** Civil days, shown with their weekday. */
function DateWidget(props: Props) {
  const { id, value, onChange, onBlur } = props;
  const today = useToday();
  const day = typeof value === "string" ? dayjs(value) : null;
  return (
    <DatePicker
      {...common(props)}
      value={day?.isValid() ? day : null}
      defaultPickerValue={dayjs(today)}
      format={["YYYY-MM-DD ddd", "YYYY-MM-DD", "YYYYMMDD", "YYYY.M.D"]}
      placeholder="年-月-日"
      showNow={false}
      onChange={(d) => onChange(d ? d.format("YYYY-MM-DD") : undefined)}
      onBlur={() => onBlur(id, value)}
      style={{ width: 200 }}
    />
  );
}

/** Yuan with two decimals on screen, whole fen in the form. */
function MoneyWidget(props: Props) {
  const { id, value, onChange, onBlur } = props;
  const [text, setText] = useState(typeof value === "number" ? formatYuan(value) : "");
  const parsed = text ? parseYuan(text) : undefined;
  useEffect(() => {
    // Another value from outside (a draft) is shown; one's own typing is left alone.
    setText((old) => {
      const now = parseYuan(old);
      return typeof value === "number" && !(now.ok && now.fen === value) ? formatYuan(value) : old;
    });
  }, [value]);
  return (
    <>
      <Input
        {...common(props)}
        value={text}
        suffix="元"
        inputMode="decimal"
        maxLength={20}
        style={{ width: 200 }}
        onChange={(e) => {
          setText(e.target.value);
          const now = parseYuan(e.target.value);
          onChange(now.ok ? now.fen : undefined);
        }}
        onBlur={() => {
          if (parsed?.ok) {
            setText(formatYuan(parsed.fen));
          }
          onBlur(id, value);
        }}
      />
      {parsed && !parsed.ok && <p className="field-errors">{parsed.message}</p>}
    </>
  );
}

/** The units of one level, by the unit above them. */
function useUnitOptions(level: unknown) {
  const units = useUnits();
  const all = units.data ?? [];
  const names = new Map(all.map((u) => [u.code, u.name]));
  const of = all.filter((u) => !level || u.level === level);
  const groups = new Map<string, { value: string; label: string; disabled: boolean }[]>();
  for (const u of of) {
    const parent = names.get(u.parent ?? "") ?? "其他";
    groups.set(parent, [...(groups.get(parent) ?? []), { value: u.code, label: unitTitle(u), disabled: u.disabled }]);
  }
  return {
    loading: units.isPending,
    codes: of.filter((u) => !u.disabled).map((u) => u.code),
    options: [...groups].map(([label, options]) => ({ label, title: label, options })),
  };
}

function UnitWidget(props: Props) {
  const { id, value, onChange, onBlur, options } = props;
  const units = useUnitOptions(options.level);
  return (
    <Select
      {...common(props)}
      value={value}
      loading={units.loading}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      placeholder="输入名称查找"
      style={{ width: "100%" }}
      options={units.options}
      onChange={(v?: string) => onChange(v)}
      onBlur={() => onBlur(id, value)}
    />
  );
}

/** Several units at once. */
function UnitsWidget(props: Props) {
  const { id, value, onChange, onBlur, options } = props;
  const units = useUnitOptions(options.level);
  const chosen = (Array.isArray(value) ? value : []) as string[];
  return (
    <div className="units">
      <Select
        {...common(props)}
        mode="multiple"
        value={chosen}
        loading={units.loading}
        showSearch={{ optionFilterProp: "label" }}
        placeholder="可以多选，输入名称查找"
        style={{ width: "100%" }}
        options={units.options}
        onChange={(v: string[]) => onChange(v)}
        onBlur={() => onBlur(id, value as never)}
      />
      <p className="row">
        <button type="button" className="link-button" onClick={() => onChange(units.codes)}>
          全选
        </button>
        <span className="muted">已选 {chosen.length} 个</span>
      </p>
    </div>
  );
}

export const widgets = {
  TextWidget,
  TextareaWidget,
  SelectWidget,
  RadioWidget: SelectWidget,
  CheckboxWidget,
  UpDownWidget,
  DateWidget,
  textarea: TextareaWidget,
  date: DateWidget,
  money: MoneyWidget,
  unit: UnitWidget,
  units: UnitsWidget,
} as unknown as RegistryWidgetsType<FormData, RJSFSchema>;
