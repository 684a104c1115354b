import { Select } from "antd";
import type { ListVersion } from "../../api/types";
import { useMe } from "../../app/session";
import { EmptyState, Loaded } from "../../components/Loaded";
import { useFilters } from "../../components/useFilters";
import { useUnits } from "../../components/useUnits";
import { dayOf, shortDay } from "../../lib/dates";
import { useList, useVersions } from "./api";
import { DiffView } from "./DiffView";
import { ItemTable } from "./ItemTable";
import { ListQuestion } from "./ListQuestion";
import "./lists.css";

/** May this be asked of a community? */
export function Component() {
  const versions = useVersions();
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>清单</h1>
          <p className="muted">职责、协助、负面三张清单。清单以外的工作须先申请准入，负面清单的工作不得交给社区。</p>
        </div>
      </div>
      <Loaded query={versions} rows={8}>
        {(all) =>
          all.length === 0 ? (
            <div className="panel">
              <EmptyState title="还没有发布清单" hint="准入办发布首版清单后会列在这里。" />
            </div>
          ) : (
            <Lists versions={all} />
          )
        }
      </Loaded>
    </div>
  );
}

function Lists({ versions }: { versions: ListVersion[] }) {
  const me = useMe();
  const units = useUnits().data ?? [];
  const [search, set] = useFilters();
  const districts = [...new Set(versions.map((v) => v.district))];
  const home = units.find((u) => u.code === me.active.unit)?.district ?? "";
  const wanted = search.get("district") ?? home;
  const district = districts.includes(wanted) ? wanted : (districts[0] ?? "");
  const own = versions.filter((v) => v.district === district);
  const newest = own[0]?.version ?? "";
  const version = own.some((v) => v.version === search.get("version")) ? (search.get("version") ?? newest) : newest;
  const meta = own.find((v) => v.version === version);
  const base = search.get("base") ?? undefined;
  const name = (code: string) => units.find((u) => u.code === code)?.name ?? code;

  return (
    <>
      <ListQuestion district={district} q={search.get("q") ?? ""} onAsk={(q) => set({ q })} />
      <div className="panel">
        <div className="lists-bar">
          {districts.length > 1 && (
            <Select
              aria-label="区"
              value={district}
              onChange={(d) => set({ district: d, version: undefined, base: undefined })}
              options={districts.map((d) => ({ value: d, label: name(d) }))}
              style={{ minWidth: 140 }}
            />
          )}
          <span className="field-inline">
            <label htmlFor="list-version">版本</label>
            <Select
              id="list-version"
              value={version}
              onChange={(v) => set({ version: v === newest ? undefined : v, base: undefined })}
              options={own.map((v, i) => ({
                value: v.version,
                label: `${v.version}${i === 0 ? "（现行）" : ""} ${shortDay(dayOf(v.published))}`,
              }))}
              style={{ minWidth: 220 }}
            />
          </span>
          <span className="field-inline">
            <label htmlFor="list-base">与版本对比</label>
            <Select
              id="list-base"
              allowClear
              placeholder="不对比"
              value={base}
              onChange={(v?: string) => set({ base: v })}
              options={own.filter((v) => v.version !== version).map((v) => ({ value: v.version, label: v.version }))}
              style={{ minWidth: 120 }}
              notFoundContent="只有一个版本"
            />
          </span>
          {meta && <p className="muted lists-why">{meta.why}</p>}
        </div>
        {base ? (
          <DiffView district={district} from={base} to={version} />
        ) : (
          <ListItems
            district={district}
            version={version}
            kind={search.get("list") ?? "duty"}
            onKind={(k) => set({ list: k })}
          />
        )}
      </div>
    </>
  );
}

interface ItemsProps {
  district: string;
  version: string;
  kind: string;
  onKind: (kind: string | undefined) => void;
}

function ListItems({ district, version, kind, onKind }: ItemsProps) {
  const query = useList(district, version);
  return (
    <Loaded query={query} rows={8}>
      {(list) => <ItemTable items={list.items ?? []} kind={kind} onKind={onKind} />}
    </Loaded>
  );
}
