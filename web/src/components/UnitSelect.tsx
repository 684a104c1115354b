import { TreeSelect } from "antd";
import { useUnitTree } from "./useUnits";

interface Props {
  value?: string;
  onChange?: (code: string | undefined) => void;
  placeholder?: string;
  label: string;
  width?: number | string;
  id?: string;
}

/** Chooses one unit from the tree, found by typing a part of its name. */
export function UnitSelect({ value, onChange, placeholder = "选择单位", label, width = 200, id }: Props) {
  const { tree, isPending } = useUnitTree();
  return (
    <TreeSelect
      id={id}
      aria-label={label}
      value={value || undefined}
      onChange={(v: string | undefined) => onChange?.(v)}
      treeData={tree}
      loading={isPending}
      showSearch={{ treeNodeFilterProp: "title" }}
      allowClear
      treeDefaultExpandAll
      placeholder={placeholder}
      style={{ width, maxWidth: "100%" }}
      popupMatchSelectWidth={280}
    />
  );
}
