import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button } from "antd";
import { useCallback, useMemo, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { api, data, idempotent } from "../../api/client";
import { settled } from "../../api/command";
import { ApiError, sentenceOf } from "../../api/errors";
import type { Draft, FilingResult, FormData, Procedure } from "../../api/types";
import { refresh } from "../../app/live";
import { Uploads } from "../../components/Uploads";
import { type FieldSchema, formToSend, withDefaults } from "../../lib/form";
import { newKey } from "../../lib/ids";
import { useCheck } from "./api";
import { CheckPanel } from "./CheckPanel";
import { DraftStatus } from "./DraftStatus";
import { FormFields } from "./FormFields";
import { useDraft } from "./useDraft";

interface Props {
  procedure: Procedure;
  draft?: Draft;
  /** What the matter is about, when the page before already knew. */
  title?: string;
}

export function FormEditor({ procedure, draft: opened, title: about }: Props) {
  const { kind, schema, ui } = procedure;
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [, setSearch] = useSearchParams();
  const [form, setForm] = useState<FormData>(() => withDefaults(schema, opened?.form ?? startOf(schema, about)));
  const [files, setFiles] = useState(opened?.attachments ?? []);
  const [uploading, setUploading] = useState(false);
  const [tried, setTried] = useState(false);
  const [key] = useState(newKey);

  const sent = useMemo(() => formToSend(form, ui), [form, ui]);
  const subject = form.title ?? form.matter;
  const title = typeof subject === "string" ? subject.slice(0, 80) : "";
  const content = { title: title || procedure.name, form: sent, files: files.map((f) => f.id) };
  const onCreated = useCallback((id: string) => setSearch({ draft: id }, { replace: true }), [setSearch]);
  const draft = useDraft(kind, opened, content, onCreated);
  const check = useCheck(kind, sent, draft.id());
  const blocks = (check.data?.findings ?? []).filter((f) => f.level === "block");

  const submit = useMutation({
    mutationFn: async () => {
      await draft.save();
      const result = await data<FilingResult>(
        api.POST("/api/v1/cases", {
          // The key stands for this form as it is: a repetition files it once, a corrected form is another request.
          params: { header: idempotent(keyOf(key, content)) },
          body: { kind, form: sent, files: content.files, ...(draft.id() ? { draft: draft.id() } : {}) },
        }),
      );
      return settled(result, () => message.loading("已收到，正在登记，请稍候…"));
    },
    onSuccess: (result) => {
      refresh(client, [result.number]);
      message.success(`已提交，编号 ${result.number}`);
      navigate(`/cases/${encodeURIComponent(result.number)}`, { replace: true });
    },
  });
  const refused = submit.error instanceof ApiError ? submit.error : undefined;

  return (
    <div className="form-page">
      <header className="page-head">
        <div className="grow">
          <p className="muted">
            <Link to="/launch">发起</Link> / {procedure.name}
          </p>
          <h1>{title || schema.title || procedure.name}</h1>
        </div>
        <DraftStatus
          state={draft.state}
          onRetry={() => void draft.save()}
          onResolve={(mine) => {
            const newer = draft.resolve(mine);
            if (newer) {
              setForm(withDefaults(schema, newer.form));
              setFiles(newer.attachments);
            }
          }}
        />
      </header>
      <div className="form-columns">
        <form
          className="stack"
          noValidate
          onSubmit={(e) => {
            e.preventDefault();
            setTried(true);
            if (blocks.length === 0 && check.data && !uploading) {
              submit.mutate();
            }
          }}
        >
          <FormFields
            procedure={procedure}
            form={form}
            onChange={setForm}
            findings={check.data?.findings ?? []}
            refused={refused?.fields ?? []}
            showAll={tried}
          />
          <section className="panel panel-pad stack" aria-labelledby="files-title">
            <h2 id="files-title">附件</h2>
            <p className="muted">依据文件、经费凭证、培训安排等。</p>
            <Uploads value={files} onChange={setFiles} onBusy={setUploading} labelledBy="files-title" />
          </section>
          {submit.error && (
            <Alert
              type="warning"
              showIcon
              title={sentenceOf(submit.error)}
              description={
                refused && refused.fields.length > 0 ? (
                  <ul>
                    {refused.fields.map((f) => (
                      <li key={f.path + f.code}>{f.message}</li>
                    ))}
                  </ul>
                ) : (
                  "填写的内容仍在草稿中。"
                )
              }
            />
          )}
          <div className="form-submit panel panel-pad">
            <Button
              type="primary"
              size="large"
              htmlType="submit"
              loading={submit.isPending}
              aria-disabled={blocks.length > 0 || uploading}
              className={blocks.length > 0 || uploading ? "button-off" : undefined}
              aria-describedby="submit-why"
            >
              提交申请
            </Button>
            <div id="submit-why" aria-live="polite">
              {uploading && <p>附件正在上传，完成后即可提交。</p>}
              {check.isPending && <p className="muted">正在校核…</p>}
              {blocks.length > 0 && (
                <>
                  <p>还不能提交，有 {blocks.length} 处需要处理：</p>
                  <ul className="why-list">
                    {blocks.slice(0, 6).map((f) => (
                      <li key={f.code + (f.field ?? "")}>{f.message}</li>
                    ))}
                    {blocks.length > 6 && <li>另有 {blocks.length - 6} 处，见校核结果</li>}
                  </ul>
                </>
              )}
              {check.data && blocks.length === 0 && (
                <p className="muted">提交后由{check.data.plan[0]?.who.join("、") || "受理单位"}先行办理。</p>
              )}
            </div>
          </div>
        </form>
        <CheckPanel check={check} />
      </div>
    </div>
  );
}

/** What the page before already knew goes into the field that says what the matter is. */
function startOf(schema: FieldSchema, about: string | undefined): FormData {
  const field = ["title", "matter"].find((f) => schema.properties?.[f]);
  return about && field ? { [field]: about } : {};
}

/** A key for this form with this content, so that the same submission repeated after a broken line files once. */
function keyOf(base: string, content: unknown): string {
  const text = JSON.stringify(content);
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0;
  }
  return `${base.replaceAll("-", "")}-${hash.toString(16)}`;
}
