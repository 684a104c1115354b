import { Alert, Button } from "antd";
import { clockTime, moment } from "../../lib/dates";
import type { DraftState } from "./useDraft";

interface Props {
  state: DraftState;
  onRetry: () => void;
  onResolve: (keepMine: boolean) => void;
}

export function DraftStatus({ state, onRetry, onResolve }: Props) {
  if (state.is === "stale") {
    return (
      <Alert
        type="warning"
        showIcon
        className="draft-stale"
        title="这份草稿在别处有了更新的内容"
        description={
          <>
            <p>另一处于 {moment(state.newer.saved)} 保存过。您在这里填写的内容还在页面上，没有覆盖对方，也没有丢失。</p>
            <span className="row">
              <Button size="small" onClick={() => onResolve(true)}>
                用我这里的内容覆盖
              </Button>
              <Button size="small" onClick={() => onResolve(false)}>
                改用较新的内容
              </Button>
            </span>
          </>
        }
      />
    );
  }
  return (
    <p className="draft-status muted" role="status">
      {state.is === "fresh" && "填写后自动保存"}
      {state.is === "saving" && "正在保存…"}
      {state.is === "saved" && `已保存 ${clockTime(state.at)}`}
      {state.is === "failed" && (
        <>
          <span className="must">没有保存成功：{state.why}</span>{" "}
          <Button size="small" onClick={onRetry}>
            再保存一次
          </Button>
        </>
      )}
    </p>
  );
}
