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

/** What was written with an action that was refused is kept as a draft too; it belongs to its case. */
function opinionOf(draft: Draft): { number: string; text: string } | undefined {
  const form = draft.form as { case?: string; opinion?: string };
  return draft.id.startsWith("opinion-") && form.case ? { number: form.case, text: form.opinion ?? "" } : undefined;
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
  const opinion = opinionOf(draft);
  const to = opinion
    ? `/cases/${encodeURIComponent(opinion.number)}`
    : `/launch/${draft.kind}?draft=${encodeURIComponent(draft.id)}`;
  return (
    <li className="draft">
      <div>
        <Link to={to}>{title}</Link>
        <p className="muted">
          {opinion ? "没有办成的意见" : name} · {moment(draft.saved)} 保存
          {draft.attachments.length > 0 && ` · 附件 ${draft.attachments.length} 个`}
        </p>
        {opinion?.text && <p className="draft-opinion">{opinion.text}</p>}
      </div>
      <span className="row">
        <Link to={to} tabIndex={-1}>
          <Button size="small">{opinion ? "打开办件" : "继续填写"}</Button>
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
