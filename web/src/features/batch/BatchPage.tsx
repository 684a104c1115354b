import { Alert, App, Button, Progress } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { sentenceOf } from "../../api/errors";
import type { Batch } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { ReasonForm } from "../../components/ReasonForm";
import { moment } from "../../lib/dates";
import { useBatch, useBatchDeed } from "./api";
import { BatchItems } from "./BatchItems";
import { batchStates, countWords, deeds, progress } from "./batch";
import "../ops/ops.css";
import "./batch.css";

/** What will happen to each case, or has happened, and the buttons that start and stop it. */
export function Component() {
  const { id = "" } = useParams();
  const query = useBatch(id);
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <p className="muted ops-crumb">
            <Link to="/ops">运行监控</Link> / <Link to="/ops/batches">批量处置</Link>
          </p>
          <h1>{query.data ? `批量${query.data.label}` : "批量处置"}</h1>
        </div>
      </div>
      <Loaded query={query} rows={8}>
        {(batch) => (
          <>
            <Head of={batch} />
            <BatchItems batch={batch} />
            <History of={batch} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Head({ of: b }: { of: Batch }) {
  const [word, tone] = batchStates[b.state];
  return (
    <section className="panel panel-pad stack" aria-labelledby="batch-what">
      <h2 id="batch-what">
        {b.state === "draft" ? "预演" : "执行"} <span className={`tag tag-${tone}`}>{word}</span>
      </h2>
      <dl className="pairs">
        <dt>范围</dt>
        <dd>{b.chosen}，选定以后不增不减</dd>
        {b.details && (
          <>
            <dt>内容</dt>
            <dd>{b.details}</dd>
          </>
        )}
        <dt>理由</dt>
        <dd className="pre">{b.reason}</dd>
        {b.runner_name && (
          <>
            <dt>执行人</dt>
            <dd>{b.runner_name}</dd>
          </>
        )}
      </dl>
      {b.state !== "draft" && (
        <Progress
          percent={progress(b.counts)}
          status={b.state === "running" ? "active" : "normal"}
          strokeColor="#12565c"
          aria-label="执行进度"
        />
      )}
      <p className="num" role="status">
        {countWords(b.counts)}
        {b.state === "draft" && "。还没有做任何事。"}
      </p>
      {b.why && <Alert type="warning" showIcon title={`已自动停止：${b.why}`} />}
      {b.second && !b.confirmer && b.state === "draft" && (
        <Alert type="info" showIcon title="不能撤销，要由另一位同事（运行监控或督查岗位）复核以后才能开始。" />
      )}
      <Buttons of={b} />
    </section>
  );
}

function Buttons({ of: b }: { of: Batch }) {
  const deed = useBatchDeed(b);
  const { modal } = App.useApp();
  const go = async (what: "run" | "stop" | "resume") => {
    try {
      await deed.mutateAsync({ what });
    } catch {
      // The alert below says what happened, and the page shows how it stands now.
    }
  };
  const run = () =>
    modal.confirm({
      title: `${b.label} ${b.counts.planned} 件？`,
      content: b.second ? "执行以后不能恢复。" : "每一件都记入经过，操作人是您。可以随时停止。",
      okText: "开始执行",
      okButtonProps: { danger: b.second },
      cancelText: "再看看",
      onOk: () => go("run"),
    });
  const { may } = b;
  return (
    <>
      {deed.error && !may.confirm && <Alert type="warning" showIcon title={sentenceOf(deed.error)} />}
      {(may.run || may.stop || may.resume) && (
        <div className="row">
          {may.run && (
            <Button type="primary" danger={b.second} onClick={run} loading={deed.isPending}>
              开始执行 {b.counts.planned} 件
            </Button>
          )}
          {may.stop && (
            <Button onClick={() => go("stop")} loading={deed.isPending}>
              停止
            </Button>
          )}
          {may.resume && (
            <Button type="primary" onClick={() => go("resume")} loading={deed.isPending}>
              继续执行
            </Button>
          )}
        </div>
      )}
      {may.confirm && <ConfirmForm of={b} deed={deed} />}
    </>
  );
}

function ConfirmForm({ of: b, deed }: { of: Batch; deed: ReturnType<typeof useBatchDeed> }) {
  const [reason, setReason] = useState("");
  return (
    <ReasonForm
      id="batch-second"
      value={reason}
      onChange={setReason}
      missing={reason.trim() ? [] : ["请填写理由"]}
      error={deed.error}
      pending={deed.isPending}
      submit="复核同意"
      danger
      onSend={() => deed.mutateAsync({ what: "confirm", reason: reason.trim() })}
    >
      <p>
        {b.by_name}提出对 {b.counts.planned} 件办件「{b.label}」。您同意以后，由提出人或另一位同事开始执行。
      </p>
    </ReasonForm>
  );
}

function History({ of: b }: { of: Batch }) {
  return (
    <section className="panel panel-pad stack" aria-labelledby="batch-history">
      <h2 id="batch-history">经过</h2>
      <ol className="incident-history">
        {[...b.history].reverse().map((e, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a history have no other name
          <li key={b.history.length - i}>
            <span className="muted num">{moment(e.at)}</span>
            <span className="pre">
              <strong>{e.by_name || "系统"}</strong> {deeds[e.what] ?? e.what}
              {e.text && `：${e.text}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
