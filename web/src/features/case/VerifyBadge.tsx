import { SafetyCertificateOutlined, WarningOutlined } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/errors";
import type { CaseDetail } from "../../api/types";
import { useVerification } from "./api";

/** Recomputes the chain of the case on the server and shows what came out. */
export function VerifyBadge({ number, head }: { number: string; head: CaseDetail["head"] }) {
  const [open, setOpen] = useState(false);
  const { data, error, isFetching, refetch } = useVerification(number, open);
  const label = isFetching
    ? "正在核验"
    : data
      ? data.ok
        ? `已核验：${data.events} 条记录完整`
        : `核验未通过：${data.broken.length} 处`
      : `核验 ${head.seq} 条记录`;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      title="办件记录核验"
      content={
        <div className="verify">
          <p>每条记录都带有前一条的摘要，逐条重算即可发现改动、缺失和插入。</p>
          {error ? <p role="alert">{sentenceOf(error)}</p> : null}
          {data?.ok && (
            <dl className="pairs">
              <dt>记录条数</dt>
              <dd className="num">{data.events}</dd>
              <dt>末条摘要</dt>
              <dd className="num hash">{data.head}</dd>
            </dl>
          )}
          {data && !data.ok && (
            <ul>
              {data.broken.map((b) => (
                <li key={b.seq}>
                  第 {b.seq} 条：{b.why}
                </li>
              ))}
            </ul>
          )}
          <Button size="small" loading={isFetching} onClick={() => refetch()}>
            重新核验
          </Button>
        </div>
      }
    >
      <Button
        size="small"
        type="text"
        className="verify-badge"
        icon={data && !data.ok ? <WarningOutlined aria-hidden /> : <SafetyCertificateOutlined aria-hidden />}
      >
        {label}
      </Button>
    </Popover>
  );
}
