import { Checkbox, Select, Tag } from "antd";
import type { IncidentCounts, IncidentKind } from "../../api/types";
import { SearchField } from "../../components/SearchField";
import { UnitSelect } from "../../components/UnitSelect";
import type { IncidentFilter } from "./api";
import { incidentStates, kindNames, kinds } from "./incidents";

type Set = (changes: Record<string, string | undefined>) => void;

interface ChipsProps {
  counts?: IncidentCounts;
  value?: IncidentKind;
  onChange: (kind: IncidentKind | undefined) => void;
}

/** How many there are of each kind; those of which there are none stay away, unless one is chosen. */
export function KindChips({ counts, value, onChange }: ChipsProps) {
  const count = (kind: IncidentKind) => counts?.kinds.find((k) => k.kind === kind)?.count ?? 0;
  const shown = kindNames.filter((k) => count(k) > 0 || k === value);
  if (shown.length === 0) {
    return null;
  }
  return (
    <fieldset className="ops-chips" aria-label="按种类筛选">
      <button type="button" className="ops-chip" aria-pressed={!value} onClick={() => onChange(undefined)}>
        全部 <span className="num">{counts?.total ?? 0}</span>
      </button>
      {shown.map((kind) => (
        <button
          key={kind}
          type="button"
          className="ops-chip"
          aria-pressed={value === kind}
          onClick={() => onChange(value === kind ? undefined : kind)}
        >
          {kinds[kind]} <span className="num">{count(kind)}</span>
        </button>
      ))}
    </fieldset>
  );
}

export function OpsFilters({ filter, set }: { filter: IncidentFilter; set: Set }) {
  const other = filter.assignee && filter.assignee !== "me" ? filter.assignee : undefined;
  return (
    <search className="filters" aria-label="筛选卡点">
      <SearchField
        value={filter.text ?? ""}
        onSearch={(text) => set({ text })}
        placeholder="句子、单位、指派给谁"
        label="按文字查找"
        width={212}
      />
      <Select
        aria-label="状态"
        value={filter.state ?? ""}
        onChange={(state: string) => set({ state: state || undefined })}
        style={{ width: 120 }}
        options={[
          { value: "", label: "未解决" },
          ...Object.entries(incidentStates).map(([value, [label]]) => ({ value, label })),
          { value: "all", label: "全部状态" },
        ]}
      />
      <UnitSelect label="在哪个单位" placeholder="在哪个单位" value={filter.unit} onChange={(unit) => set({ unit })} width={180} />
      <Checkbox
        checked={filter.assignee === "me"}
        onChange={(e) => set({ assignee: e.target.checked ? "me" : undefined })}
      >
        指派给我的
      </Checkbox>
      {other && (
        <Tag closable onClose={() => set({ assignee: undefined })}>
          指派给 {other}
        </Tag>
      )}
      {filter.case && (
        <Tag closable onClose={() => set({ case: undefined })}>
          办件 {filter.case}
        </Tag>
      )}
    </search>
  );
}
