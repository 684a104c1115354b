import { Segmented, Table, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { ListItem } from "../../api/types";
import { EmptyState } from "../../components/Loaded";
import { longDay } from "../../lib/dates";
import { listKinds } from "../../lib/names";

const kinds = ["duty", "assist", "negative"];

export function ItemTable({ items, kind, onKind }: { items: ListItem[]; kind: string; onKind: (k?: string) => void }) {
  const shown = items.filter((i) => i.kind === kind);
  return (
    <>
      <div className="lists-kinds">
        <Segmented
          aria-label="选择清单"
          value={kind}
          onChange={(v) => onKind(v === "duty" ? undefined : String(v))}
          options={kinds.map((k) => ({
            value: k,
            label: `${listKinds[k]} ${items.filter((i) => i.kind === k).length}`,
          }))}
        />
      </div>
      <div className="only-wide">
        <Table<ListItem>
          rowKey="no"
          columns={columns}
          dataSource={shown}
          pagination={false}
          sticky={{ offsetHeader: 56 }}
          size="middle"
          locale={{ emptyText: <EmptyState title="这张清单没有条目" /> }}
        />
      </div>
      <ul className="only-narrow list-cards">
        {shown.map((i) => (
          <li key={i.no} className="list-card">
            <p>
              <strong>
                {i.no}. {i.title}
              </strong>
            </p>
            <p>{i.part}</p>
            <p className="muted">{[i.department, i.frequency, i.basis].filter(Boolean).join(" · ")}</p>
            <Admitted item={i} />
          </li>
        ))}
      </ul>
    </>
  );
}

const columns: TableColumnsType<ListItem> = [
  { title: "序号", dataIndex: "no", width: 96, className: "num" },
  { title: "事项", dataIndex: "title", render: (t: string) => <strong>{t}</strong> },
  { title: "牵头部门", dataIndex: "department", width: 120, render: (v: string) => v || "无" },
  { title: "社区做什么", dataIndex: "part" },
  { title: "频次", dataIndex: "frequency", width: 96 },
  { title: "依据", dataIndex: "basis", width: 150 },
  { title: "准入与有效期", key: "admitted", width: 170, render: (_, i) => <Admitted item={i} /> },
];

/** Who admitted an item, and until when. */
export function Admitted({ item }: { item: ListItem }) {
  if (!item.case && !item.valid_until) {
    return <span className="muted">长期有效</span>;
  }
  return (
    <span>
      {item.case && (
        <>
          经 <Link to={`/cases/${encodeURIComponent(item.case)}`}>{item.case}</Link> 准入
          <br />
        </>
      )}
      <span className="muted">{item.valid_until ? `至 ${longDay(item.valid_until)}` : "长期有效"}</span>
    </span>
  );
}
