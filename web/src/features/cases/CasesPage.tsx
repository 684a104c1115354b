import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Select } from "antd";
import { Link } from "react-router";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Case, ProcedureCard } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { SearchField } from "../../components/SearchField";
import { caseStates, states } from "../../components/Tags";
import { UnitSelect } from "../../components/UnitSelect";
import { useFilters } from "../../components/useFilters";
import { usePages } from "../../components/usePages";
import { compact, oneOf } from "../../lib/filters";
import { batchLink } from "../batch/batch";
import { useOperates } from "../ops/api";
import { CaseCards } from "./CaseCards";
import { CaseTable } from "./CaseTable";
import "./cases.css";

const cards = ["yellow", "red"] as const;
const sorts = ["due", "started", "changed"] as const;

/** Every case one may see, with filters that live in the address. */
export function Component() {
  const [search, set] = useFilters();
  const filter = compact({
    kind: search.get("kind") ?? undefined,
    state: oneOf(search.get("state"), caseStates),
    open: oneOf(search.get("open"), ["true", "false"] as const),
    card: oneOf(search.get("card"), cards),
    unit: search.get("unit") ?? undefined,
    text: search.get("text") ?? undefined,
    mine: search.get("mine") === "1",
    sort: oneOf(search.get("sort"), sorts),
  });
  const pages = usePages<Case>(keys.cases(filter), (after) =>
    data(api.GET("/api/v1/cases", { params: { query: { ...filter, ...compact({ after }), limit: 50 } } })),
  );
  const procedures = useQuery({
    queryKey: keys.procedures,
    queryFn: () => data<ProcedureCard[]>(api.GET("/api/v1/procedures")),
  });
  const operates = useOperates();
  const filtered = [...search.keys()].some((k) => k !== "sort");
  const state = filter.state ?? (filter.open === "true" ? "open" : filter.open === "false" ? "closed" : undefined);

  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>办件</h1>
          <p className="muted">您的岗位可以查看的全部办件，最近到期的排在最前面。</p>
        </div>
        {operates && (
          <Link to={batchLink("cases", { ...filter })}>
            <Button>批量处置…</Button>
          </Link>
        )}
      </div>
      <search className="filters" aria-label="筛选办件">
        <SearchField
          value={filter.text ?? ""}
          onSearch={(text) => set({ text })}
          placeholder="编号、标题、人员、单位"
          label="按文字查找"
          width={212}
        />
        <Select
          aria-label="状态"
          allowClear
          placeholder="状态"
          value={state}
          onChange={(v?: string) =>
            set(
              v === "open" || v === "closed"
                ? { open: String(v === "open"), state: undefined }
                : { open: undefined, state: v },
            )
          }
          style={{ width: 112 }}
          options={[
            { value: "open", label: "未办结" },
            { value: "closed", label: "已结束" },
            ...Object.entries(states).map(([value, [label]]) => ({ value, label })),
          ]}
        />
        <Select
          aria-label="事项"
          allowClear
          placeholder="事项"
          value={filter.kind}
          onChange={(kind?: string) => set({ kind })}
          style={{ width: 140 }}
          options={procedures.data?.map((p) => ({ value: p.kind, label: p.name }))}
        />
        <Select
          aria-label="牌"
          allowClear
          placeholder="黄牌、红牌"
          value={filter.card}
          onChange={(card?: string) => set({ card })}
          style={{ width: 112 }}
          options={[
            { value: "yellow", label: "黄牌" },
            { value: "red", label: "红牌" },
          ]}
        />
        <UnitSelect
          label="发起单位"
          placeholder="发起单位"
          value={filter.unit}
          onChange={(unit) => set({ unit })}
          width={150}
        />
        <Select
          aria-label="排序"
          value={filter.sort ?? "due"}
          onChange={(sort) => set({ sort: sort === "due" ? undefined : sort })}
          style={{ width: 140 }}
          options={[
            { value: "due", label: "最近到期在前" },
            { value: "changed", label: "最近变动在前" },
            { value: "started", label: "最近发起在前" },
          ]}
        />
        <Checkbox checked={filter.mine === true} onChange={(e) => set({ mine: e.target.checked ? "1" : undefined })}>
          只看我发起的
        </Checkbox>
      </search>
      <div className="panel">
        <Loaded query={pages} rows={8}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState
                title={filtered ? "没有符合条件的办件" : "还没有办件"}
                hint={
                  filtered
                    ? "可以放宽筛选条件；编号要写完整，标题写其中几个字即可。"
                    : "有人发起事项后，您的岗位可以查看的办件会列在这里。"
                }
                action={
                  filtered ? (
                    <Button onClick={() => set(Object.fromEntries([...search.keys()].map((k) => [k, undefined])))}>
                      清除筛选
                    </Button>
                  ) : undefined
                }
              />
            ) : (
              <>
                <div className="only-wide">
                  <CaseTable rows={rows} />
                </div>
                <div className="only-narrow">
                  <CaseCards rows={rows} />
                </div>
                <LoadMore pages={pages} />
              </>
            )
          }
        </Loaded>
      </div>
    </div>
  );
}
