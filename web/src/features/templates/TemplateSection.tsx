import { Select } from "antd";
import { useSearchParams } from "react-router";
import type { MessageTemplate, TemplateField } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { useTemplates } from "./api";
import { TemplateEditor } from "./TemplateEditor";
import "./templates.css";

/** In which words people are told what. The same words go to every channel, each of which shows them in its own way. */
export function TemplateSection() {
  const query = useTemplates();
  return (
    <>
      <p className="muted admin-bar">
        每种通知一份文字，站内、邮件、机器人、短信都用它，各按自己的样子显示。修改从保存起生效，已经分发的不变。
      </p>
      <Loaded query={query} rows={8}>
        {(list) => <Chosen items={list.items} fields={list.fields} />}
      </Loaded>
    </>
  );
}

function Chosen({ items, fields }: { items: MessageTemplate[]; fields: TemplateField[] }) {
  const [params, setParams] = useSearchParams();
  const chosen = items.find((t) => t.kind === params.get("kind")) ?? items[0];
  const choose = (kind: string) => setParams({ kind }, { replace: true, preventScrollReset: true });
  if (!chosen) {
    return null;
  }
  return (
    <div className="templates">
      <nav aria-label="通知的种类" className="templates-list">
        {items.map((t) => (
          <button
            key={t.kind}
            type="button"
            className={`templates-item${t === chosen ? " templates-item-on" : ""}`}
            aria-current={t === chosen ? "true" : undefined}
            onClick={() => choose(t.kind)}
          >
            {t.title} {t.changed && <span className="tag tag-accent">已修改</span>}
          </button>
        ))}
      </nav>
      <div className="templates-select">
        <Select
          aria-label="通知的种类"
          value={chosen.kind}
          onChange={choose}
          options={items.map((t) => ({ value: t.kind, label: t.changed ? `${t.title}（已修改）` : t.title }))}
        />
      </div>
      <TemplateEditor key={chosen.kind} template={chosen} fields={fields} />
    </div>
  );
}
