import { BellOutlined } from "@ant-design/icons";
import { App, Badge, Button, Drawer, Grid, Switch } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { sentenceOf } from "../../api/errors";
import type { Counts, Message } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { moment } from "../../lib/dates";
import { useMessages, useRead } from "./api";
import "./inbox.css";

/** The bell of the frame: what one was told, newest first. */
export function Inbox({ counts }: { counts?: Counts }) {
  const [open, setOpen] = useState(false);
  const wide = Grid.useBreakpoint().md;
  const unread = counts?.messages ?? 0;
  return (
    <>
      <button type="button" className="inbox" onClick={() => setOpen(true)} aria-label={`消息，${unread} 条未读`}>
        <Badge count={unread} size="small" overflowCount={99} color="#12565c">
          <BellOutlined aria-hidden />
        </Badge>
      </button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        size={wide ? 460 : "100%"}
        title="消息"
        destroyOnHidden
        extra={
          <Link to="/account/notify" onClick={() => setOpen(false)}>
            通知设置
          </Link>
        }
      >
        <Messages unread={unread} copied={counts?.copied ?? 0} onClose={() => setOpen(false)} />
      </Drawer>
    </>
  );
}

function Messages({ unread, copied, onClose }: { unread: number; copied: number; onClose: () => void }) {
  const [only, setOnly] = useState(false);
  const pages = useMessages(only);
  const read = useRead();
  const { message } = App.useApp();
  const newest = pages.data?.[0]?.id;
  const mark = async (what: Parameters<typeof read.mutateAsync>[0]) => {
    try {
      await read.mutateAsync(what);
    } catch (error) {
      message.warning(sentenceOf(error));
    }
  };
  return (
    <div className="stack">
      <div className="row inbox-bar">
        <span className="row">
          <Switch size="small" checked={only} onChange={setOnly} aria-label="只看未读" /> 只看未读
        </span>
        <Button
          size="small"
          disabled={unread === 0 || !newest}
          loading={read.isPending}
          onClick={() => newest && mark({ through: newest })}
        >
          全部标为已读
        </Button>
      </div>
      <p>
        <Link to="/desk?tab=copies&unread=1" onClick={onClose}>
          抄送给我的，{copied} 件未阅
        </Link>
      </p>
      <Loaded query={pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              title={only ? "没有未读的消息" : "还没有消息"}
              hint="有新的待办、快到期、被催办、被抄送的时候，消息会到这里。"
            />
          ) : (
            <>
              <ul className="messages">
                {rows.map((m) => (
                  <MessageItem key={m.id} of={m} onRead={() => mark({ id: m.id })} onClose={onClose} />
                ))}
              </ul>
              <LoadMore pages={pages} />
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function MessageItem({ of, onRead, onClose }: { of: Message; onRead: () => void; onClose: () => void }) {
  return (
    <li className={of.unread ? "message message-unread" : "message"}>
      <p className="row message-head">
        <span className={`tag ${of.kind === "red" ? "tag-red" : of.kind === "yellow" ? "tag-yellow" : "tag-grey"}`}>
          {of.kind_title}
        </span>
        {of.unread && <span className="tag tag-accent">未读</span>}
        <span className="muted num">{moment(of.at)}</span>
      </p>
      {of.case ? (
        <Link
          to={`/cases/${encodeURIComponent(of.case)}`}
          className="message-subject"
          onClick={() => {
            if (of.unread) {
              onRead();
            }
            onClose();
          }}
        >
          {of.subject}
        </Link>
      ) : (
        <p className="message-subject">{of.subject}</p>
      )}
      <p className="pre">{of.text}</p>
      {of.unread && (
        <Button size="small" type="link" className="message-read" onClick={onRead} aria-label={`标为已读：${of.subject}`}>
          标为已读
        </Button>
      )}
    </li>
  );
}
