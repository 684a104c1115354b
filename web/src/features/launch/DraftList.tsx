import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Popconfirm } from "antd";
import { Link } from "react-router";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { keys } from "../../api/keys";
import type { Draft } from "../../api/types";
import { moment } from "../../lib/dates";
import { useDrafts, useProcedures } from "./api";

/** What is not sent yet; nothing is shown while there is none. */
export function DraftList() {
  const drafts = useDrafts().data;
  const procedures = useProcedures().data;
  if (!drafts || drafts.length === 0) {
    return null;
  }
  const nameOf = (kind: string) => procedures?.find((p) => p.kind === kind)?.name ?? "";
  return (
    <section className="panel" aria-labelledby="drafts-title">
      <h2 id="drafts-title">草稿</h2>
      <ul className="drafts">
        {drafts.map((d) => (
          <DraftItem key={d.id} draft={d} name={nameOf(d.kind)} />
        ))}
      </ul>
    </section>
  );
}

function DraftItem({ draft, name }: { draft: Draft; name: string }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/v1/drafts/{id}", { params: { header: once(), path: { id: draft.id } } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.drafts }),
    onError: (error) => message.warning(sentenceOf(error)),
  });
  const title = draft.title || "未命名";
  return (
    <li className="draft">
      <div>
        <Link to={`/launch/${draft.kind}?draft=${encodeURIComponent(draft.id)}`}>{title}</Link>
        <p className="muted">
          {name} · {moment(draft.saved)} 保存
          {draft.attachments.length > 0 && ` · 附件 ${draft.attachments.length} 个`}
        </p>
      </div>
      <span className="row">
        <Link to={`/launch/${draft.kind}?draft=${encodeURIComponent(draft.id)}`} tabIndex={-1}>
          <Button size="small">继续填写</Button>
        </Link>
        <Popconfirm
          title="删除这份草稿"
          description="删除后不能恢复。"
          okText="删除"
          cancelText="保留"
          okButtonProps={{ danger: true }}
          onConfirm={() => remove.mutate()}
        >
          <Button size="small" danger type="text" loading={remove.isPending} aria-label={`删除草稿 ${title}`}>
            删除
          </Button>
        </Popconfirm>
      </span>
    </li>
  );
}
