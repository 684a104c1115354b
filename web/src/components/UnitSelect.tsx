import { TreeSelect } from "antd";
import { useUnitTree } from "./useUnits";

interface Props {
  value?: string;
  onChange?: (code: string | undefined) => void;
  placeholder?: string;
  label: string;
  width?: number | string;
  id?: string;
  /** For something new: a unit out of use cannot be chosen. */
  forNew?: boolean;
}

/** Chooses one unit from the tree, found by typing a part of its name. */
export function UnitSelect({
  value,
  onChange,
  placeholder = "选择单位",
  label,
  width = 200,
  id,
  forNew = false,
}: Props) {
  const { tree, isPending } = useUnitTree(forNew);
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
