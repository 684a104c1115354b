import {
  BellOutlined,
  CheckCircleOutlined,
  ClockCircleOutlined,
  CopyOutlined,
  ExclamationCircleOutlined,
  EyeOutlined,
  FileDoneOutlined,
  FlagOutlined,
  FormOutlined,
  HourglassOutlined,
  LoginOutlined,
  NotificationOutlined,
  PauseCircleOutlined,
  PlayCircleOutlined,
  RollbackOutlined,
  StopOutlined,
  SwapOutlined,
  UserDeleteOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { EventView } from "../../api/types";

const icons: Record<string, ReactNode> = {
  "case.started": <FlagOutlined />,
  "case.phased": <PlayCircleOutlined />,
  "case.closed": <FileDoneOutlined />,
  "case.copied": <CopyOutlined />,
  "case.complained": <ExclamationCircleOutlined />,
  "case.suspended": <PauseCircleOutlined />,
  "case.continued": <PlayCircleOutlined />,
  "stage.entered": <LoginOutlined />,
  "stage.left": <CheckCircleOutlined />,
  "clock.started": <ClockCircleOutlined />,
  "clock.paused": <PauseCircleOutlined />,
  "clock.resumed": <PlayCircleOutlined />,
  "clock.stopped": <StopOutlined />,
  "task.unmanned": <UserDeleteOutlined />,
  "task.read": <EyeOutlined />,
  "task.reminded": <BellOutlined />,
  "task.urged": <BellOutlined />,
  "task.moved": <SwapOutlined />,
  "task.answered": <FormOutlined />,
  "task.reopened": <RollbackOutlined />,
  "wait.opened": <HourglassOutlined />,
  "wait.closed": <HourglassOutlined />,
  "notice.posted": <NotificationOutlined />,
  "list.published": <NotificationOutlined />,
  "receipt.issued": <FileDoneOutlined />,
};

export function eventIcon(e: EventView): ReactNode {
  return icons[e.type] ?? <CheckCircleOutlined />;
}

export type EventGroup = "main" | "opinions" | "clocks" | "reminders";

// The clockwork of a case: needed to check it, not to follow it.
const plumbing = [
  "clock.started",
  "clock.stopped",
  "task.opened",
  "task.blocked",
  "task.unblocked",
  "task.redated",
  "task.closed",
  "task.read",
  "stage.left",
  "wait.opened",
  "wait.closed",
];

/** Kinds of line a person looks for. */
export const groups: Record<EventGroup, { label: string; has: (e: EventView) => boolean }> = {
  main: {
    label: "要点",
    // A task opened or closed by a person is a decision of his: 加签, 减签.
    has: (e) => !plumbing.includes(e.type) || (Boolean(e.actor.user) && /^task\.(opened|closed)$/.test(e.type)),
  },
  opinions: { label: "意见", has: (e) => e.type === "task.answered" || Boolean(e.note) },
  clocks: { label: "时钟", has: (e) => e.type.startsWith("clock.") || e.type === "task.redated" },
  reminders: {
    label: "提醒与已阅",
    has: (e) => ["task.reminded", "task.urged", "task.read", "task.unmanned", "case.copied"].includes(e.type),
  },
};
