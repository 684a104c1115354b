import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { api, data } from "../api/client";
import { keys } from "../api/keys";
import type { Person } from "../api/types";

interface Props {
  id?: string;
  value?: string;
  onChange?: (user: string | undefined) => void;
  without?: string;
}

/** Finds a person by a part of the name. */
export function UserSelect({ id, value, onChange, without }: Props) {
  const [text, setText] = useState("");
  const query = useQuery({
    queryKey: keys.users(text),
    queryFn: () => data<Person[]>(api.GET("/api/v1/users", { params: { query: text ? { text } : {} } })),
    placeholderData: (old) => old,
  });
  const options = (query.data ?? [])
    .filter((p) => p.user !== without && !p.disabled)
    .slice(0, 50)
    .map((p) => ({
      value: p.user,
      label: `${p.name}（${p.posts.map((x) => `${x.unit_name} ${x.role_name}`).join("；") || "无岗位"}）`,
    }));
  return (
    <Select
      id={id}
      showSearch={{ filterOption: false, onSearch: setText }}
      allowClear
      value={value}
      onChange={onChange}
      options={options}
      loading={query.isFetching}
      placeholder="输入姓名查找"
      notFoundContent={query.isFetching ? "正在查找" : "没有找到这个人"}
      style={{ width: "100%" }}
    />
  );
}
