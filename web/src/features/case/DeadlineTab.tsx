import { Button } from "antd";
import { useState } from "react";
import type { CaseDetail, Deadline } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { DueTag } from "../../components/Tags";
import { moment, shortDay } from "../../lib/dates";
import { clockStates, tags, units } from "../../lib/names";
import { useLedger } from "./api";
import { LedgerTable } from "./LedgerTable";

export function DeadlineTab({ detail }: { detail: CaseDetail }) {
  if (detail.deadlines.length === 0) {
    return <EmptyState title="这件事还没有期限" hint="环节开始计时后，每个期限和它逐日的计算过程会列在这里。" />;
  }
  const order = { running: 0, paused: 1, stopped: 2 } as Record<string, number>;
  const sorted = [...detail.deadlines].sort(
    (a, b) =>
      (order[a.state] ?? 3) - (order[b.state] ?? 3) || (a.deadline.due ?? "").localeCompare(b.deadline.due ?? ""),
  );
  return (
    <ul className="clocks">
      {sorted.map((d, i) => (
        <Clock key={d.clock} of={d} number={detail.case.number} first={i === 0} />
      ))}
    </ul>
  );
}

/** One deadline: how it is reckoned, where it comes from, and its ledger day by day. */
function Clock({ of: d, number, first }: { of: Deadline; number: string; first: boolean }) {
  const [open, setOpen] = useState(first);
  const ledger = useLedger(number, d.clock, open);
  const { period } = d.deadline.rule;
  const paused = (d.deadline.pauses ?? []).find((p) => !p.to);
  return (
    <li className="clock">
      <div className="clock-head">
        <div>
          <h3>
            {d.title}{" "}
            <span className={`tag ${d.state === "running" ? "tag-accent" : "tag-grey"}`}>
              {clockStates[d.state] ?? d.state}
            </span>
          </h3>
          <p className="muted">
            自 {moment(d.deadline.anchor)} 起{" "}
            {period.n > 0
              ? `${period.n} ${units[period.unit] ?? period.unit}${d.deadline.rule.direction === "before" ? "前" : "内"}`
              : "至指定日期"}
          </p>
          <p className="muted">
            依据：{d.basis.text}
            {tags[d.basis.tag] ? `（${tags[d.basis.tag]}）` : ""}
          </p>
          {d.state === "paused" && (
            <p>
              自 {moment(paused?.from)} 起暂停：{paused?.ground}
              {d.wait_for ? `，等 ${d.wait_for}` : ""}
              {d.deadline.remaining ? `，恢复后还剩 ${d.deadline.remaining} ${units[period.unit] ?? ""}` : ""}
            </p>
          )}
          {(d.deadline.pauses ?? [])
            .filter((p) => p !== paused)
            .map((p) => (
              <p className="muted" key={p.from}>
                {moment(p.from)} 至 {moment(p.to)} 暂停：{p.ground}
              </p>
            ))}
        </div>
        <div className="clock-due">
          {d.state === "stopped" ? (
            <span className="muted">
              {d.stopped ? `${moment(d.stopped)} 停止` : "已停止"}
              {d.deadline.day ? (
                <>
                  <br />
                  原定 {shortDay(d.deadline.day)}
                </>
              ) : null}
            </span>
          ) : (
            <DueTag day={d.deadline.day} paused={d.state === "paused"} provisional={d.deadline.provisional} />
          )}
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "收起逐日台账" : "逐日台账"}
          </Button>
        </div>
      </div>
      {open && (
        <Loaded query={ledger} rows={3}>
          {(full) => (
            <LedgerTable ledger={full.deadline.ledger ?? []} title={d.title} version={full.deadline.calendar_version} />
          )}
        </Loaded>
      )}
    </li>
  );
}
