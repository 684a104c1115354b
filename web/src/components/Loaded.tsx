import { InboxOutlined, ReloadOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { ApiError, sentenceOf } from "../api/errors";

/** What would be here, and what to do. */
export function EmptyState({ title, hint, action }: { title: string; hint?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <InboxOutlined aria-hidden className="empty-icon" />
      <p className="empty-title">{title}</p>
      {hint && <p className="empty-hint">{hint}</p>}
      {action}
    </div>
  );
}

/** Nothing was sent, so there is nothing to say about what was kept. */
function unreachable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 0;
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className="empty" role="alert">
      <p className="empty-title">没有取到内容</p>
      <p className="empty-hint">{unreachable(error) ? "连不上服务器，请检查网络，稍后重试。" : sentenceOf(error)}</p>
      {onRetry && (
        <Button icon={<ReloadOutlined aria-hidden />} onClick={onRetry}>
          重试
        </Button>
      )}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** The three states of everything that is asked for: skeleton, error with retry, content. */
export function Loaded<T>({
  query,
  children,
  rows = 4,
}: {
  query: Asked<T>;
  children: (data: T) => ReactNode;
  rows?: number;
}) {
  if (query.data !== undefined) {
    return <>{children(query.data)}</>;
  }
  if (query.error) {
    return <Failure error={query.error} onRetry={() => query.refetch()} />;
  }
  return (
    <div className="loading" aria-busy="true" aria-live="polite">
      <span className="visually-hidden">正在读取</span>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}
