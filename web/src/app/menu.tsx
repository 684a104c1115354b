import {
  AlertOutlined,
  AppstoreAddOutlined,
  AuditOutlined,
  BarChartOutlined,
  CalendarOutlined,
  CarryOutOutlined,
  FolderOpenOutlined,
  NotificationOutlined,
  SettingOutlined,
  UnorderedListOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Me } from "../api/types";

export interface Entry {
  key: Me["menu"][number];
  to: string;
  label: string;
  icon: ReactNode;
}

// Entries the server may name and that have no page yet are not shown.
const entries: Entry[] = [
  { key: "desk", to: "/desk", label: "工作台", icon: <CarryOutOutlined /> },
  { key: "launch", to: "/launch", label: "发起", icon: <AppstoreAddOutlined /> },
  { key: "cases", to: "/cases", label: "办件", icon: <FolderOpenOutlined /> },
  { key: "votes", to: "/polls", label: "表决", icon: <AuditOutlined /> },
  { key: "lists", to: "/lists", label: "清单", icon: <UnorderedListOutlined /> },
  { key: "notices", to: "/notices", label: "公告", icon: <NotificationOutlined /> },
  { key: "deadlines", to: "/deadlines", label: "期限看板", icon: <CalendarOutlined /> },
  { key: "ops", to: "/ops", label: "运行监控", icon: <AlertOutlined /> },
  { key: "stats", to: "/reports", label: "效能报表", icon: <BarChartOutlined /> },
  { key: "admin", to: "/admin", label: "管理", icon: <SettingOutlined /> },
];

export function menuOf(me: Me): Entry[] {
  return entries.filter((e) => me.menu.includes(e.key));
}

/** Whether a page belongs to an entry. */
export function isAt(entry: Entry, pathname: string): boolean {
  return pathname === entry.to || pathname.startsWith(`${entry.to}/`);
}

/**
 * The four entries of the bottom bar of a phone, the others are behind 更多; the page that only this role has, the last one, is always
 * among them. A fifth one takes the place that 更多 would.
 */
export function bottomOf(menu: Entry[]): Entry[] {
  if (menu.length <= 5) {
    return menu;
  }
  const own = menu.filter((e) => e.key === "admin" || e.key === "ops").at(-1);
  return own ? [...menu.filter((e) => e !== own).slice(0, 3), own] : menu.slice(0, 4);
}
