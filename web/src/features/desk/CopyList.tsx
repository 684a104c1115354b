import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Switch } from "antd";
import { Link } from "react-router";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { keys } from "../../api/keys";
import type { Copy } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { moment } from "../../lib/dates";
import { useCopies } from "./api";

/** What I was copied on; opening one is recorded as 已阅. */
export function CopyList({ unread, onUnread }: { unread: boolean; onUnread: (on: boolean) => void }) {
  const pages = useCopies(unread);
  return (
    <>
      <div className="row desk-bar">
        <Switch size="small" checked={unread} onChange={onUnread} aria-label="只看未阅" /> 只看未阅
      </div>
      <Loaded query={pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              title={unread ? "没有未阅的抄送" : "还没有抄送给您的办件"}
              hint="供您知晓、不需要您办理的办件会列在这里。"
            />
          ) : (
            <>
              <ul className="tasks">
                {rows.map((copy) => (
                  <CopyItem key={copy.id} copy={copy} />
                ))}
              </ul>
              <LoadMore pages={pages} />
            </>
          )
        }
      </Loaded>
    </>
  );
}

function CopyItem({ copy }: { copy: Copy }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const read = useMutation({
    mutationFn: () => api.POST("/api/v1/copies/{id}/read", { params: { header: once(), path: { id: copy.id } } }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.copies() }),
        client.invalidateQueries({ queryKey: keys.counts }),
      ]),
    onError: (error) => message.warning(sentenceOf(error)),
  });
  const to = `/cases/${encodeURIComponent(copy.case)}`;
  return (
    <li className="task">
      <div className="task-main">
        <p className="task-title">
          <Link to={to} onClick={() => !copy.read_at && read.mutate()}>
            {copy.case_title}
          </Link>
          <span className="muted num nowrap"> {copy.case}</span>
        </p>
        <p>{copy.why}</p>
        <p className="task-meta">
          {copy.read_at ? (
            <span>
              {copy.read_by} 于 {moment(copy.read_at)} 已阅
            </span>
          ) : (
            <span className="tag tag-accent">未阅</span>
          )}
        </p>
      </div>
      <div className="task-who">
        <span className="task-label">抄送人</span>
        <span>{copy.from}</span>
      </div>
      <div className="task-due">
        <span className="task-label">抄送时间</span>
        <span>{moment(copy.at)}</span>
      </div>
      <div className="task-button">
        {copy.read_at ? (
          <Link to={to} tabIndex={-1}>
            <Button aria-label={`查看：${copy.case_title}`}>查看</Button>
          </Link>
        ) : (
          <Button loading={read.isPending} onClick={() => read.mutate()} aria-label={`标为已阅：${copy.case_title}`}>
            标为已阅
          </Button>
        )}
      </div>
    </li>
  );
}
