import { Tabs } from "antd";
import { useNavigate, useParams } from "react-router";
import { useMe } from "../../app/session";
import { EmptyState } from "../../components/Loaded";
import { TemplateSection } from "../templates/TemplateSection";
import { CalendarSection } from "./CalendarSection";
import { UnitSection } from "./UnitSection";
import { UserSection } from "./UserSection";
import "./admin.css";

const sections = ["users", "units", "calendars", "templates"] as const;

export function Component() {
  const me = useMe();
  const navigate = useNavigate();
  const { section = "" } = useParams();
  const active = sections.find((s) => s === section) ?? "users";
  if (!me.menu.includes("admin")) {
    return (
      <div className="page">
        <div className="panel">
          <EmptyState title="您的岗位没有管理权限" hint="账号、岗位、日历和通知模板由系统管理员维护。" />
        </div>
      </div>
    );
  }
  return (
    <div className="page">
      <h1>管理</h1>
      <div className="panel admin">
        <Tabs
          activeKey={active}
          onChange={(key) => navigate(`/admin/${key}`, { replace: true })}
          items={[
            { key: "users", label: "账号与岗位", children: <UserSection /> },
            { key: "units", label: "单位", children: <UnitSection /> },
            { key: "calendars", label: "工作日历", children: <CalendarSection /> },
            { key: "templates", label: "通知模板", children: <TemplateSection /> },
          ].map((item) => ({ ...item, destroyOnHidden: true }))}
        />
      </div>
    </div>
  );
}
