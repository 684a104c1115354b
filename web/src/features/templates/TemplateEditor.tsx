import { Alert, App, Button, Input, Popconfirm } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { sentenceOf } from "../../api/errors";
import type { MessageTemplate, TemplateField, TemplateWords } from "../../api/types";
import { moment } from "../../lib/dates";
import { usePreview, useSaveTemplate } from "./api";
import { Preview } from "./Preview";
import { useLeaveGuard } from "./useLeaveGuard";
import {
  changedWords,
  emptyParts,
  fieldsFor,
  inserted,
  type Part,
  partNames,
  placeholderOf,
  refusedParts,
} from "./templates";

interface Props {
  template: MessageTemplate;
  fields: TemplateField[];
}

/** One template with what it may name, and how it will look. */
export function TemplateEditor({ template, fields }: Props) {
  const kept = { subject: template.subject, text: template.text };
  const [words, setWords] = useState<TemplateWords>(kept);
  const save = useSaveTemplate(template.kind);
  const { message } = App.useApp();
  const dirty = changedWords(kept, words);
  useLeaveGuard(dirty);
  const asked = useSettled(words);
  const empty = emptyParts(words);
  const preview = usePreview(template.kind, asked, Object.keys(emptyParts(asked)).length === 0);
  const refused = refusedParts(preview.error ?? save.error);
  const problems = { ...(asked === words ? refused : {}), ...empty };
  const send = async (next: TemplateWords, done: string) => {
    try {
      const saved = await save.mutateAsync(next);
      setWords({ subject: saved.subject, text: saved.text });
      message.success(done);
    } catch {
      // The alert below, or the field, says what happened; what was typed stays.
    }
  };
  return (
    <div className="template">
      <form
        className="template-form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          if (dirty && Object.keys(empty).length === 0) {
            void send(words, "模板已保存");
          }
        }}
      >
        <h2>{template.title}</h2>
        <Words words={words} onChange={setWords} problems={problems} fields={fieldsFor(template.kind, fields)} />
        {save.error && Object.keys(refusedParts(save.error)).length === 0 && (
          <Alert type="warning" showIcon title={sentenceOf(save.error)} />
        )}
        <div className="row">
          <Button
            type="primary"
            htmlType="submit"
            loading={save.isPending}
            disabled={!dirty || Object.keys(problems).length > 0}
          >
            保存
          </Button>
          <Button disabled={!dirty} onClick={() => setWords(kept)}>
            放弃修改
          </Button>
          {template.changed && (
            <Popconfirm
              title="恢复成程序自带的文字？"
              description="现在的文字不再保留。"
              okText="恢复默认"
              cancelText="取消"
              onConfirm={() => send(template.default, "已恢复默认")}
            >
              <Button danger>恢复默认</Button>
            </Popconfirm>
          )}
        </div>
        <p className="muted">{whoChanged(template)}</p>
      </form>
      <Preview query={preview} stale={asked !== words || preview.isPlaceholderData} />
    </div>
  );
}

function whoChanged(t: MessageTemplate): string {
  if (!t.at) {
    return "用的是程序自带的文字，没有人修改过。";
  }
  const who = `${t.by_name || t.by || "系统管理员"} 于 ${moment(t.at)}`;
  return t.changed ? `${who} 修改。` : `${who} 恢复默认，现在用的是程序自带的文字。`;
}

/** A value once it has not changed for a moment: the server is not asked at every key. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), 350);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}

interface WordsProps {
  words: TemplateWords;
  onChange: (words: TemplateWords) => void;
  problems: Partial<Record<Part, string>>;
  fields: TemplateField[];
}

/** The two parts, and the fields, which go to where the caret was last. */
function Words({ words, onChange, problems, fields }: WordsProps) {
  const id = useId();
  const last = useRef<{ part: Part; element?: HTMLInputElement | HTMLTextAreaElement }>({ part: "text" });
  const put = (field: string) => {
    const { part, element } = last.current;
    const end = words[part].length;
    const next = inserted(words[part], element?.selectionStart ?? end, element?.selectionEnd ?? end, placeholderOf(field));
    onChange({ ...words, [part]: next.text });
    if (element) {
      requestAnimationFrame(() => {
        element.focus();
        element.setSelectionRange(next.caret, next.caret);
      });
    }
  };
  const of = (part: Part) => ({
    id: `${id}-${part}`,
    value: words[part],
    maxLength: 4000,
    status: problems[part] ? ("error" as const) : undefined,
    "aria-invalid": problems[part] ? true : undefined,
    "aria-describedby": problems[part] ? `${id}-${part}-problem` : undefined,
    onFocus: (e: React.FocusEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      last.current = { part, element: e.currentTarget };
    },
    onChange: (e: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onChange({ ...words, [part]: e.target.value }),
  });
  const problem = (part: Part) =>
    problems[part] && (
      <p id={`${id}-${part}-problem`} className="template-problem" role="alert">
        {problems[part]}
      </p>
    );
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-subject`}>{partNames.subject}</label>
        <Input {...of("subject")} />
        {problem("subject")}
      </div>
      <div className="field">
        <label htmlFor={`${id}-text`}>{partNames.text}</label>
        <Input.TextArea {...of("text")} autoSize={{ minRows: 5, maxRows: 16 }} />
        {problem("text")}
      </div>
      <fieldset className="template-fields">
        <legend>可以用的字段（点一下放到光标处）</legend>
        <ul>
          {fields.map((f) => (
            <li key={f.field}>
              <Button size="small" onClick={() => put(f.field)} aria-label={`插入 ${f.means}`}>
                {f.means}
              </Button>
            </li>
          ))}
        </ul>
        <p className="muted">
          字段写作 {"{{.Name}}"}；可能没有的用 {"{{with .Day}}，{{.}} 到期{{end}}"}
          ，没有时整段不出现。名称里的标记一律当文字。
        </p>
      </fieldset>
    </>
  );
}
