import { Select } from "antd";
import { useMemo, useState } from "react";
import type { Person } from "../../api/types";
import { UnitSelect } from "../../components/UnitSelect";
import { usePeople } from "../../components/useUnits";
import type { ActInput } from "./useAct";

interface Props {
  value: ActInput["target"];
  onChange: (target: ActInput["target"]) => void;
}

/** A post in a unit, or one person by name. A post is the better choice: it is filled also when the person is away. */
export function TargetSelect({ value, onChange }: Props) {
  const [unit, setUnit] = useState(value?.unit);
  const people = usePeople(unit);
  const options = useMemo(() => (people.data && unit ? targetOptions(people.data, unit) : []), [people.data, unit]);
  const chosen = value?.user ? `user:${value.user}` : value?.role ? `role:${value.role}` : undefined;
  return (
    <div className="field">
      <label className="field-label" htmlFor="target-unit">
        交给 <span className="must">必须选择</span>
      </label>
      <div className="row">
        <UnitSelect
          id="target-unit"
          label="单位"
          value={unit}
          onChange={(code) => {
            setUnit(code);
            onChange(undefined);
          }}
          width={220}
        />
        <Select
          aria-label="岗位或人员"
          placeholder={unit ? "选择岗位或人员" : "先选择单位"}
          disabled={!unit}
          loading={people.isFetching}
          value={chosen}
          style={{ minWidth: 220, flex: 1 }}
          options={options}
          onChange={(v: string) => {
            const [kind, id] = [v.slice(0, 4), v.slice(5)];
            if (unit) {
              onChange(kind === "user" ? { unit, user: id } : { unit, role: id });
            }
          }}
          notFoundContent={people.isFetching ? "正在读取" : "这个单位没有在岗人员"}
        />
      </div>
    </div>
  );
}

export function targetOptions(people: Person[], unit: string) {
  const roles = new Map<string, { name: string; people: string[] }>();
  for (const person of people) {
    for (const post of person.posts.filter((p) => p.unit === unit)) {
      const role = roles.get(post.role) ?? { name: post.role_name, people: [] };
      role.people.push(person.name);
      roles.set(post.role, role);
    }
  }
  return [
    {
      label: "岗位",
      title: "岗位",
      options: [...roles].map(([role, r]) => ({ value: `role:${role}`, label: `${r.name}（${r.people.join("、")}）` })),
    },
    { label: "人员", title: "人员", options: people.map((p) => ({ value: `user:${p.user}`, label: p.name })) },
  ].filter((g) => g.options.length > 0);
}
