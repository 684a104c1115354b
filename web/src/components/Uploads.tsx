import { DeleteOutlined, PaperClipOutlined, UploadOutlined } from "@ant-design/icons";
import { Button, Progress } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { sentenceOf } from "../api/errors";
import type { Attachment } from "../api/types";
import { attachmentUrl, upload } from "../api/upload";
import { acceptedExtensions, fileProblem, formatBytes } from "../lib/files";

interface Running {
  key: number;
  name: string;
  percent: number;
  problem?: string;
}

interface Props {
  value: Attachment[];
  onChange: (files: Attachment[]) => void;
  onBusy?: (busy: boolean) => void;
  labelledBy: string;
}

let serial = 0;

/** Attachments: chosen or dropped, with progress, and with the reason when one is refused. */
export function Uploads({ value, onChange, onBusy, labelledBy }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(value);
  const [running, setRunning] = useState<Running[]>([]);
  const hint = useId();
  done.current = value;
  const busy = running.some((r) => !r.problem);
  useEffect(() => onBusy?.(busy), [busy, onBusy]);

  const update = (key: number, change: Partial<Running>) =>
    setRunning((all) => all.map((r) => (r.key === key ? { ...r, ...change } : r)));
  const drop = (key: number) => setRunning((all) => all.filter((r) => r.key !== key));

  const take = async (file: File) => {
    const key = ++serial;
    const problem = fileProblem(file.name, file.size);
    setRunning((all) => [...all, { key, name: file.name, percent: 0, problem }]);
    if (problem) {
      return;
    }
    try {
      const attachment = await upload(file, (percent) => update(key, { percent }));
      drop(key);
      if (!done.current.some((f) => f.id === attachment.id)) {
        done.current = [...done.current, attachment];
        onChange(done.current);
      }
    } catch (error) {
      update(key, { problem: sentenceOf(error) });
    }
  };
  const takeAll = (files: FileList | null) => {
    for (const file of files ?? []) {
      void take(file);
    }
  };
  return (
    <section
      className="uploads"
      aria-labelledby={labelledBy}
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault();
        takeAll(e.dataTransfer.files);
      }}
    >
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={acceptedExtensions.join(",")}
        onChange={(e) => {
          takeAll(e.target.files);
          e.target.value = "";
        }}
      />
      <div className="row">
        <Button
          icon={<UploadOutlined aria-hidden />}
          onClick={() => input.current?.click()}
          aria-describedby={`${labelledBy} ${hint}`}
        >
          选择文件
        </Button>
        <span className="muted" id={hint}>
          每个不超过 20 MB，也可以拖到这里
        </span>
      </div>
      <ul className="files" aria-live="polite">
        {value.map((f) => (
          <li key={f.id} className="file">
            <PaperClipOutlined aria-hidden />
            <a href={attachmentUrl(f.id)} className="file-name">
              {f.name}
            </a>
            <span className="muted num">{formatBytes(f.size)}</span>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={`移除 ${f.name}`}
              onClick={() => onChange(value.filter((x) => x.id !== f.id))}
            />
          </li>
        ))}
        {running.map((r) => (
          <li key={r.key} className="file">
            <PaperClipOutlined aria-hidden />
            <span className="file-name">{r.name}</span>
            {r.problem ? (
              <>
                <span className="file-problem">{r.problem}</span>
                <Button type="text" size="small" onClick={() => drop(r.key)}>
                  知道了
                </Button>
              </>
            ) : (
              <Progress
                percent={r.percent}
                size="small"
                style={{ width: 120 }}
                aria-label={`${r.name} 已上传 ${r.percent}%`}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function FileList({ files }: { files: Attachment[] }) {
  return (
    <ul className="files">
      {files.map((f) => (
        <li key={f.id} className="file">
          <PaperClipOutlined aria-hidden />
          <a href={attachmentUrl(f.id)} className="file-name">
            {f.name}
          </a>
          <span className="muted num">{formatBytes(f.size)}</span>
        </li>
      ))}
    </ul>
  );
}
