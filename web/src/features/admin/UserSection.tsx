import { useQuery } from "@tanstack/react-query";
import { Button, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { api, data } from "../../api/client";
import { keys } from "../../api/keys";
import type { Person } from "../../api/types";
import { useToday } from "../../app/now";
import { EmptyState, Loaded } from "../../components/Loaded";
import { SearchField } from "../../components/SearchField";
import { useFilters } from "../../components/useFilters";
import { UserDrawer } from "./UserDrawer";
import { UserForm } from "./UserForm";

/** The posts a person has, without those that are over. */
function postsOf(p: Person, today: string) {
  const posts = p.posts.filter((x) => !x.to || x.to >= today);
  return posts.length > 0 ? (
    posts.map((x) => `${x.unit_name} ${x.role_name}`).join("、")
  ) : (
    <span className="muted">没有岗位</span>
  );
}

/** Accounts with their posts; what is changed about one is in its drawer. */
export function UserSection() {
  const [search, set] = useFilters();
  const text = search.get("text") ?? "";
  const today = useToday();
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<string>();
  const query = useQuery({
    queryKey: keys.users(text),
    queryFn: () => data<Person[]>(api.GET("/api/v1/users", { params: { query: text ? { text } : {} } })),
    placeholderData: (old) => old,
  });
  const columns: TableColumnsType<Person> = [
    {
      title: "姓名",
      dataIndex: "name",
      width: 160,
      render: (name: string, p) => (
        <>
          <Button type="link" size="small" className="admin-name" onClick={() => setOpen(p.user)}>
            {name}
          </Button>
          <span className="only-narrow muted">
            <span className="num">{p.user}</span>
            <br />
            {postsOf(p, today)}
          </span>
        </>
      ),
    },
    { title: "账号", dataIndex: "user", width: 200, className: "num", responsive: ["md"] },
    { title: "岗位", key: "posts", responsive: ["md"], render: (_, p) => postsOf(p, today) },
    {
      title: "状态",
      key: "state",
      width: 100,
      render: (_, p) => (
        <span className={`tag ${p.disabled ? "tag-grey" : "tag-accent"}`}>{p.disabled ? "已停用" : "在用"}</span>
      ),
    },
  ];
  return (
    <>
      <div className="admin-bar">
        <SearchField value={text} onSearch={(t) => set({ text: t })} placeholder="姓名或账号" label="查找账号" />
        <Button type="primary" onClick={() => setAdding(true)}>
          新建账号
        </Button>
      </div>
      <Loaded query={query} rows={8}>
        {(people) => (
          <Table<Person>
            rowKey="user"
            columns={columns}
            dataSource={people}
            pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
            sticky={{ offsetHeader: 56 }}
            locale={{ emptyText: <EmptyState title="没有找到账号" hint="可以换一个词查找，或者新建账号。" /> }}
          />
        )}
      </Loaded>
      <UserForm open={adding} onClose={() => setAdding(false)} />
      <UserDrawer person={query.data?.find((p) => p.user === open)} onClose={() => setOpen(undefined)} />
    </>
  );
}
