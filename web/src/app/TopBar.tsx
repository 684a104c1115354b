import { DownOutlined, SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Dropdown, Input, type MenuProps } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { api, data } from "../api/client";
import { sentenceOf } from "../api/errors";
import { keys } from "../api/keys";
import type { Counts } from "../api/types";
import { Inbox } from "../features/inbox/Inbox";
import { DemoClock } from "./DemoClock";
import { useMe, useSignOut, useSwitchPost } from "./session";

export function TopBar() {
  return (
    <header className="top">
      <Link to="/desk" className="brand" aria-label="共治，回到工作台">
        <span className="brand-mark" aria-hidden>
          共
        </span>
        <span className="brand-name">共治</span>
      </Link>
      <SearchBox />
      <div className="top-right">
        <DemoClock />
        <Inbox counts={useCounts().data} />
        <PostMenu />
      </div>
    </header>
  );
}

function SearchBox() {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  return (
    <search className="top-search">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          navigate(text.trim() ? `/cases?text=${encodeURIComponent(text.trim())}` : "/cases");
        }}
      >
        <Input
          value={text}
          onChange={(e) => setText(e.target.value)}
          prefix={<SearchOutlined aria-hidden />}
          placeholder="按编号、标题、人员、单位查找办件"
          aria-label="查找办件"
          allowClear
          maxLength={100}
        />
      </form>
    </search>
  );
}

export function useCounts() {
  const me = useMe();
  return useQuery({
    queryKey: keys.counts,
    queryFn: () => data<Counts>(api.GET("/api/v1/tasks/counts")),
    placeholderData: me.counts,
    refetchInterval: 60_000,
  });
}

/** Unit and post one acts in; a person with two posts switches here. */
function PostMenu() {
  const me = useMe();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const switchPost = useSwitchPost();
  const signOut = useSignOut();

  const go = async (id: string) => {
    try {
      await switchPost(id);
      navigate("/desk");
    } catch (error) {
      message.warning(sentenceOf(error));
    }
  };
  const items: MenuProps["items"] = [
    {
      type: "group",
      key: "posts",
      label: me.posts.length > 1 ? "切换岗位" : "当前岗位",
      children: me.posts.map((p) => ({
        key: `post:${p.id}`,
        label: `${p.unit_name} · ${p.role_name}${p.id === me.active.id ? "（当前）" : ""}`,
        disabled: p.id === me.active.id,
        onClick: () => go(p.id),
      })),
    },
    ...(me.represents.length > 0
      ? [
          {
            type: "group" as const,
            key: "represents",
            label: "受托代理",
            children: me.represents.map((r) => ({
              key: `for:${r.user}`,
              label: `代 ${r.name}，至 ${r.until}`,
              disabled: true,
            })),
          },
        ]
      : []),
    { type: "divider" },
    { key: "delegations", label: "委托授权", onClick: () => navigate("/delegations") },
    { key: "notify", label: "通知设置", onClick: () => navigate("/account/notify") },
    { key: "account", label: "修改密码", onClick: () => navigate("/account") },
    { key: "out", label: "退出登录", onClick: () => void signOut() },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]} placement="bottomRight">
      <Button
        type="text"
        className="who"
        aria-label={`${me.user.name}，${me.active.unit_name} ${me.active.role_name}，打开菜单`}
      >
        <span className="who-text">
          <span className="who-name">{me.user.name}</span>
          <span className="who-post">
            {me.active.unit_name} · {me.active.role_name}
          </span>
        </span>
        <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  );
}
