import { App, Button } from "antd";
import { Link } from "react-router";
import { sentenceOf } from "../../api/errors";
import type { CaseDetail, Delivery, Inside } from "../../api/types";
import { useMe } from "../../app/session";
import { EmptyState, Loaded } from "../../components/Loaded";
import { LoadMore } from "../../components/LoadMore";
import { longMoment, moment } from "../../lib/dates";
import { actionNames, deliveryStates, runStates, unfinishedStates } from "./inside";
import { useDeliveries, useInside, useResend } from "./api";

/** For those who keep it running: what the case waits for, what the engine is doing with it, and who was told. */
export function InsideTab({ detail }: { detail: CaseDetail }) {
  const { number } = detail.case;
  const inside = useInside(number);
  return (
    <div className="tab-pad stack inside">
      <section className="stack" aria-labelledby="inside-waits">
        <h3 id="inside-waits">等外部答复</h3>
        <Waits detail={detail} />
        <p>
          <Link to={`/ops?case=${encodeURIComponent(number)}&state=all`}>这件办件的卡点</Link>
        </p>
      </section>
      <section className="stack" aria-labelledby="inside-engine">
        <h3 id="inside-engine">引擎</h3>
        <Loaded query={inside} rows={3}>
          {(i) => <Engine of={i} />}
        </Loaded>
      </section>
      <section className="stack" aria-labelledby="inside-told">
        <h3 id="inside-told">通知送达</h3>
        <Told number={number} />
      </section>
    </div>
  );
}

function Waits({ detail }: { detail: CaseDetail }) {
  const { waits } = detail;
  if (!waits || waits.length === 0) {
    return <p className="muted">没有在等外部单位；在等的待办见上方「现在等谁」。</p>;
  }
  return (
    <ul className="inside-lines">
      {waits.map((w) => (
        <li key={w.wait}>
          <strong>{w.for}</strong>
          <span className="muted">
            在 {w.court}，自 {moment(w.since)}
            {w.until && `，至 ${moment(w.until)}`}
            {w.basis.text && `；依据：${w.basis.text}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Engine({ of }: { of: Inside }) {
  return (
    <>
      <dl className="pairs">
        <dt>状态</dt>
        <dd>{runStates[of.status] ?? of.status}</dd>
        <dt>工作流</dt>
        <dd className="num pre">
          {of.workflow}
          {of.url && (
            <>
              {" "}
              <a href={of.url} target="_blank" rel="noopener noreferrer">
                在 Temporal 控制台打开
                <span className="visually-hidden">（新窗口）</span>
              </a>
            </>
          )}
        </dd>
        <dt>运行编号</dt>
        <dd className="num pre">{of.run}</dd>
        <dt>历史</dt>
        <dd className="num">
          {of.events} 条，{Math.ceil(of.bytes / 1024)} KB
        </dd>
        {of.failing && (
          <>
            <dt>程序出错</dt>
            <dd className="pre">
              <span className="tag tag-yellow">第 {of.attempt ?? 1} 次</span> {of.failing}
            </dd>
          </>
        )}
      </dl>
      {of.pending.length === 0 ? (
        <p className="muted">没有进行中的动作。</p>
      ) : (
        <ul className="inside-lines">
          {of.pending.map((a) => (
            <li key={a.id}>
              <strong>{actionNames[a.type] ?? a.type}</strong>
              <span className="muted">
                {unfinishedStates[a.state] ?? a.state}，第 {Math.max(1, a.attempt)} 次，自 {longMoment(a.since)}
                {a.next && `，下次重试 ${longMoment(a.next)}`}（机器时间）
              </span>
              {a.error && <span className="pre">最近一次错误：{a.error}</span>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Told({ number }: { number: string }) {
  const pages = useDeliveries(number);
  return (
    <Loaded query={pages} rows={3}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState title="还没有发出通知" hint="这件办件的提醒发给谁、何时送达、何时已读，会列在这里。" />
        ) : (
          <>
            <ul className="inside-lines">
              {rows.map((d) => (
                <DeliveryLine key={d.id} of={d} number={number} />
              ))}
            </ul>
            <LoadMore pages={pages} />
          </>
        )
      }
    </Loaded>
  );
}

function DeliveryLine({ of, number }: { of: Delivery; number: string }) {
  const resend = useResend(number);
  const { message } = App.useApp();
  const operates = useMe().active.role === "operator";
  const [word, tone] = deliveryStates[of.state];
  const again = async () => {
    try {
      await resend.mutateAsync(of.id);
      message.info("已排队重发");
    } catch (error) {
      message.warning(sentenceOf(error));
    }
  };
  return (
    <li>
      <span>
        <span className={`tag tag-${tone}`}>{word}</span> <strong>{of.name}</strong> {of.channel_title} · {of.kind_title}
      </span>
      <span className="muted">
        {moment(of.at)}
        {of.held && `，等到 ${moment(of.held)} 再发`}
        {of.sent_at && `，送达 ${moment(of.sent_at)}`}
        {of.read_at && `，已读 ${moment(of.read_at)}`}
        {of.attempts > 1 && `，共试 ${of.attempts} 次`}
        {of.reason && `；${of.reason}`}
      </span>
      {operates && of.state === "failed" && (
        <span>
          <Button size="small" loading={resend.isPending} onClick={again} aria-label={`重发给 ${of.name}`}>
            重发
          </Button>
        </span>
      )}
    </li>
  );
}
