import { Button, Tabs } from "antd";
import { Link } from "react-router";
import { useToday } from "../../app/now";
import { useMe } from "../../app/session";
import { useCounts } from "../../app/TopBar";
import { SearchField } from "../../components/SearchField";
import { useFilters } from "../../components/useFilters";
import { longDay } from "../../lib/dates";
import { oneOf } from "../../lib/filters";
import { CopyList } from "./CopyList";
import { DueCounts } from "./DueCounts";
import { StartedList } from "./StartedList";
import { TaskList } from "./TaskList";
import "./desk.css";

const tabs = ["todo", "done", "started", "copies", "overdue"] as const;
const dues = ["today", "yellow", "red"] as const;

/** What must I do now? */
export function Component() {
  const me = useMe();
  const today = useToday();
  const counts = useCounts().data ?? me.counts;
  const [search, set] = useFilters();
  const tab = oneOf(search.get("tab"), tabs) ?? "todo";
  const due = oneOf(search.get("due"), dues);
  const text = search.get("text") ?? undefined;

  const label = (name: string, n?: number) => (
    <span>
      {name}
      {n ? <span className="count num"> {n}</span> : null}
    </span>
  );
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>工作台</h1>
          <p className="muted">
            {longDay(today)} · {me.active.unit_name} {me.active.role_name}
          </p>
        </div>
        {me.menu.includes("launch") && (
          <Link to="/launch">
            <Button>发起事项</Button>
          </Link>
        )}
      </div>
      <DueCounts
        counts={counts}
        chosen={tab === "todo" ? due : undefined}
        onChoose={(d) => set({ tab: undefined, due: d })}
      />
      <div className="panel desk">
        <Tabs
          activeKey={tab}
          onChange={(key) => set({ tab: key === "todo" ? undefined : key, due: undefined, unread: undefined })}
          tabBarExtraContent={{
            right: (
              <span className="only-wide">
                <SearchField
                  value={text ?? ""}
                  onSearch={(t) => set({ text: t })}
                  placeholder="在这里查找"
                  label="在工作台查找"
                  width={200}
                />
              </span>
            ),
          }}
          items={[
            {
              key: "todo",
              label: label("待办", counts.todo),
              children: <TaskList filter={{ box: "todo", due, text }} />,
            },
            { key: "done", label: label("已办", counts.done), children: <TaskList filter={{ box: "done", text }} /> },
            { key: "started", label: label("我发起", counts.started), children: <StartedList text={text} /> },
            {
              key: "copies",
              label: label("抄送", counts.copied),
              children: (
                <CopyList
                  unread={search.get("unread") === "1"}
                  onUnread={(on) => set({ unread: on ? "1" : undefined })}
                />
              ),
            },
            {
              key: "overdue",
              label: label("超期", counts.overdue),
              children: <TaskList filter={{ box: "overdue", text }} />,
            },
          ].map((item) => ({ ...item, destroyOnHidden: true }))}
        />
      </div>
    </div>
  );
}
