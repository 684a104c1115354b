import type { Delivery } from "../../api/types";

/** How a workflow stands, as the engine names it. */
export const runStates: Record<string, string> = {
  Running: "运行中",
  Paused: "已暂停",
  Completed: "已结束",
  Failed: "失败",
  Canceled: "已取消",
  Terminated: "已终止",
  ContinuedAsNew: "已接续到下一段",
  TimedOut: "超时",
};

/** How an activity stands. */
export const unfinishedStates: Record<string, string> = {
  scheduled: "排队或等重试",
  started: "执行中",
  paused: "已暂停",
  pauserequested: "正在暂停",
  cancelrequested: "正在取消",
};

/** What the activities do, in words. */
export const actionNames: Record<string, string> = {
  Record: "写入记录",
  Plan: "查找办理人和期限",
  NumberList: "清单编号",
  FindItems: "查清单条目",
  PreparePoll: "准备表决",
  FreezeRoll: "冻结清册",
  OpenPoll: "打开表决",
  QuoratePoll: "核对参与是否达到比例",
  ExtendPoll: "延长表决",
  ClosePoll: "关闭表决",
  CountPoll: "计票",
  FinishPoll: "确定表决结果",
  VoidPoll: "作废表决",
};

export const deliveryStates: Record<Delivery["state"], [string, string]> = {
  queued: ["待发送", "grey"],
  sending: ["发送中", "grey"],
  sent: ["已送达", "accent"],
  read: ["已读", "accent"],
  failed: ["未送达", "yellow"],
  dropped: ["不再发送", "grey"],
};
