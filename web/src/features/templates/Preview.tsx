import { Segmented } from "antd";
import { type ReactNode, useState } from "react";
import { sentenceOf } from "../../api/errors";
import type { TemplatePreview } from "../../api/types";
import { refusedParts, sampleNames } from "./templates";

interface Props {
  query: { data: TemplatePreview | undefined; error: unknown };
  /** What is shown is not yet of the words in the editor. */
  stale: boolean;
}

/** How each channel shows the template, filled in by the server with samples. */
export function Preview({ query, stale }: Props) {
  const [chosen, setChosen] = useState(0);
  const sample = query.data?.samples[chosen];
  return (
    <section className="template-preview" aria-labelledby="template-preview" aria-busy={stale}>
      <h2 id="template-preview">预览</h2>
      <Segmented
        aria-label="用哪一份示例"
        value={chosen}
        onChange={setChosen}
        options={sampleNames.map((label, value) => ({ label, value }))}
      />
      {query.error ? (
        <p className="muted" role="status">
          {Object.keys(refusedParts(query.error)).length > 0
            ? "改正标出的问题以后显示预览。"
            : `不能预览：${sentenceOf(query.error)}`}
        </p>
      ) : (
        sample && (
          <div className={stale ? "template-stale" : undefined}>
            <Channel name="站内">
              <strong>{sample.subject}</strong>
              <span className="pre">{sample.text}</span>
            </Channel>
            <Channel name="邮件">
              <strong>{sample.subject}</strong>
              <span className="pre">{sample.text}</span>
              <span className="template-link">打开办件</span>
            </Channel>
            <Channel name="机器人（Markdown，标记符号换成全角）">
              <span className="pre">{sample.markdown}</span>
            </Channel>
            <Channel name={`短信（${[...sample.sms].length} 字）`}>
              <span className="pre">{sample.sms}</span>
            </Channel>
          </div>
        )
      )}
    </section>
  );
}

function Channel({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="template-channel">
      <h3>{name}</h3>
      <div className="template-paper">{children}</div>
    </div>
  );
}
