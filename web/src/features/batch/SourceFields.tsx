import { useQuery } from "@tanstack/react-query";
import { Segmented, Select, Tag } from "antd";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Procedure, ProcedureCard } from "../../api/types";
import { SearchField } from "../../components/SearchField";
import { UnitSelect } from "../../components/UnitSelect";
import { incidentStates, kindNames, kinds } from "../ops/incidents";

interface Props {
  search: URLSearchParams;
  set: (changes: Record<string, string | undefined>) => void;
}

const fields = ["kind", "state", "card", "unit", "stage", "text", "assignee", "case", "id"];

/** By which filter the cases are chosen. It lives in the address, as that of the list it came from. */
export function SourceFields({ search, set }: Props) {
  const incidents = search.get("from") === "incidents";
  return (
    <div className="stack">
      <Segmented
        className="batch-from"
        aria-label="按什么选定"
        value={incidents ? "incidents" : "cases"}
        onChange={(from: string) => set({ ...Object.fromEntries(fields.map((f) => [f, undefined])), from })}
        options={[
          { value: "cases", label: "按办件" },
          { value: "incidents", label: "按卡住的事" },
        ]}
      />
      <search className="filters" aria-label="选定范围">
        {incidents ? <IncidentFields search={search} set={set} /> : <CaseFields search={search} set={set} />}
        <UnitSelect
          label={incidents ? "在哪个单位" : "发起单位"}
          placeholder={incidents ? "在哪个单位" : "发起单位"}
          value={search.get("unit") ?? undefined}
          onChange={(unit) => set({ unit })}
          width={170}
        />
        <SearchField
          value={search.get("text") ?? ""}
          onSearch={(text) => set({ text })}
          placeholder={incidents ? "句子、单位、指派给谁" : "编号、标题、人员、单位"}
          label="按文字缩小"
          width={212}
        />
      </search>
    </div>
  );
}

function CaseFields({ search, set }: Props) {
  const kind = search.get("kind") ?? undefined;
  const procedures = useQuery({
    queryKey: keys.procedures,
    queryFn: () => data<ProcedureCard[]>(api.GET("/api/v1/procedures")),
  });
  const procedure = useQuery({
    queryKey: keys.procedure(kind ?? ""),
    queryFn: () => data<Procedure>(api.GET("/api/v1/procedures/{kind}", { params: { path: { kind: kind ?? "" } } })),
    enabled: Boolean(kind),
  });
  return (
    <>
      <Select
        aria-label="事项"
        allowClear
        placeholder="事项"
        value={kind}
        onChange={(value?: string) => set({ kind: value, stage: undefined })}
        style={{ width: 150 }}
        options={procedures.data?.map((p) => ({ value: p.kind, label: p.name }))}
      />
      {kind && (
        <Select
          aria-label="环节"
          allowClear
          placeholder="在哪个环节"
          value={search.get("stage") ?? undefined}
          onChange={(stage?: string) => set({ stage })}
          style={{ width: 150 }}
          loading={procedure.isFetching}
          options={procedure.data?.stages.map((s) => ({ value: s.name, label: s.title }))}
        />
      )}
      <Select
        aria-label="状态"
        allowClear
        placeholder="办理中、执行中"
        value={search.get("state") ?? undefined}
        onChange={(state?: string) => set({ state })}
        style={{ width: 150 }}
        options={[
          { value: "running", label: "办理中" },
          { value: "executing", label: "执行中" },
        ]}
      />
      <Select
        aria-label="牌"
        allowClear
        placeholder="黄牌、红牌"
        value={search.get("card") ?? undefined}
        onChange={(card?: string) => set({ card })}
        style={{ width: 120 }}
        options={[
          { value: "yellow", label: "黄牌" },
          { value: "red", label: "红牌" },
        ]}
      />
    </>
  );
}

function IncidentFields({ search, set }: Props) {
  const assignee = search.get("assignee");
  return (
    <>
      <Select
        aria-label="种类"
        placeholder="选择种类"
        value={search.get("kind") ?? undefined}
        onChange={(kind?: string) => set({ kind, id: undefined })}
        style={{ width: 170 }}
        options={kindNames.map((k) => ({ value: k, label: kinds[k] }))}
      />
      <Select
        aria-label="状态"
        allowClear
        placeholder="未解决"
        value={search.get("state") ?? undefined}
        onChange={(state?: string) => set({ state })}
        style={{ width: 120 }}
        options={(["open", "acknowledged", "assigned"] as const).map((s) => ({ value: s, label: incidentStates[s][0] }))}
      />
      {assignee && (
        <Tag closable onClose={() => set({ assignee: undefined })}>
          指派给{assignee === "me" ? "我" : ` ${assignee}`}
        </Tag>
      )}
      {search.get("case") && (
        <Tag closable onClose={() => set({ case: undefined })}>
          办件 {search.get("case")}
        </Tag>
      )}
      {search.get("id") && (
        <Tag closable onClose={() => set({ id: undefined })}>
          只限这一件卡住的事
        </Tag>
      )}
    </>
  );
}
