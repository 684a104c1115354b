import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { type TaskFilter, useTasks } from "./api";
import { TaskItem } from "./TaskItem";

export function TaskList({ filter }: { filter: TaskFilter }) {
  const pages = useTasks(filter);
  return (
    <Loaded query={pages}>
      {(rows) =>
        rows.length === 0 ? (
          <Nothing filter={filter} />
        ) : (
          <>
            <ul className="tasks">
              {rows.map((row) => (
                <TaskItem key={row.task.id} row={row} />
              ))}
            </ul>
            <LoadMore pages={pages} />
          </>
        )
      }
    </Loaded>
  );
}

function Nothing({ filter }: { filter: TaskFilter }) {
  if (filter.text) {
    return <EmptyState title={`没有找到「${filter.text}」`} hint="可以换一个词，或者到「办件」里按单位、状态查找。" />;
  }
  if (filter.due) {
    return <EmptyState title="没有这样的待办" hint="再按一次上方的数字即可取消筛选。" />;
  }
  const texts = {
    todo: ["现在没有等您办理的事", "轮到您的岗位办理时，会出现在这里，最近到期的排在最前面。"],
    done: ["还没有办结的待办", "您办理过的待办会留在这里，可以随时查看当时的意见。"],
    overdue: ["没有超期的待办", "超过期限仍未办理的待办会列在这里，并已上报上级。"],
  } as const;
  const [title, hint] = texts[filter.box];
  return <EmptyState title={title} hint={hint} />;
}
