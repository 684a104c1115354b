import { App } from "antd";
import { useEffect } from "react";
import { useBlocker } from "react-router";

/** Asks before something that was typed and not kept is left behind, inside the console and by closing the page. */
export function useLeaveGuard(dirty: boolean) {
  const { modal } = App.useApp();
  const blocker = useBlocker(dirty);
  useEffect(() => {
    if (blocker.state !== "blocked") {
      return;
    }
    const asking = modal.confirm({
      title: "修改还没有保存",
      content: "离开以后，刚才的修改就没有了。",
      okText: "离开，不保存",
      cancelText: "留下",
      autoFocusButton: "cancel",
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
    return () => asking.destroy();
  }, [blocker, modal]);
  useEffect(() => {
    if (!dirty) {
      return;
    }
    const stay = (e: BeforeUnloadEvent) => e.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [dirty]);
}
