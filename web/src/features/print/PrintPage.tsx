import { PrinterOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Link, useParams } from "react-router";
import { useNow } from "../../app/now";
import { Loaded } from "../../components/Loaded";
import { useUnitName } from "../../components/useUnitName";
import { longDay, dayOf, moment } from "../../lib/dates";
import { linesOf, sectionsOf } from "../../lib/form";
import { clockStates, units } from "../../lib/names";
import type { CaseDetail, Deadline } from "../../api/types";
import { useCase } from "../case/api";
import { opinionGroups } from "../case/OpinionTab";
import "./print.css";

/** The approval form on paper (A4): what was applied for, what everyone said, the deadlines, the signatures. */
export function Component() {
  const { number = "" } = useParams();
  const query = useCase(number);
  return (
    <div className="print-page">
      <div className="print-bar">
        <Link to={`/cases/${encodeURIComponent(number)}`}>回到办件</Link>
        <Button type="primary" icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
          打印
        </Button>
      </div>
      <Loaded query={query} rows={12}>
        {(detail) => <Sheet detail={detail} />}
      </Loaded>
    </div>
  );
}

function Sheet({ detail }: { detail: CaseDetail }) {
  const { case: c, filing } = detail;
  const unitName = useUnitName();
  const now = useNow();
  const fields = sectionsOf(filing.schema, filing.ui).flatMap((s) => s.fields);
  const lines = linesOf(fields, filing.schema, filing.ui, filing.form, unitName).filter((l) => l.text);
  const groups = opinionGroups(detail.tasks);
  return (
    <main className="sheet">
      <h1>{titleOf(c.kind_name)}</h1>
      <p className="sheet-number">
        编号 <span className="num">{c.number}</span>
      </p>
      <table>
        <tbody>
          <tr>
            <th scope="row">申请单位</th>
            <td>{c.unit_name}</td>
            <th scope="row">经办人</th>
            <td>{c.initiator_name}</td>
          </tr>
          <tr>
            <th scope="row">申请日期</th>
            <td className="day">{longDay(dayOf(c.started_at))}</td>
            <th scope="row">{c.closed_at ? "办理结果" : "办理情况"}</th>
            <td>{c.result || detail.sentence.text}</td>
          </tr>
          {lines.map((l) => (
            <tr key={l.field}>
              <th scope="row">{l.title}</th>
              <td colSpan={3} className="pre">
                {l.text}
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">附件</th>
            <td colSpan={3}>{filing.attachments.map((a) => a.name).join("、") || "无"}</td>
          </tr>
        </tbody>
      </table>

      <h2>各方意见</h2>
      <table>
        <thead>
          <tr>
            <th scope="col" className="w-stage">
              环节
            </th>
            <th scope="col" className="w-unit">
              单位
            </th>
            <th scope="col">意见</th>
            <th scope="col" className="w-name">
              办理人、日期
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.flatMap((g) =>
            g.tasks.map((t, i) => (
              <tr key={t.id}>
                {i === 0 && (
                  <th scope="row" rowSpan={g.tasks.length}>
                    {g.title}
                    {g.round > 1 ? `（第 ${g.round} 轮）` : ""}
                  </th>
                )}
                <td>{t.holder.unit_name}</td>
                <td className="pre">
                  {t.label || t.why_closed}
                  {t.opinion ? `\n${t.opinion}` : ""}
                </td>
                <td className="day">
                  {t.actor_name || "系统"}
                  <br />
                  {moment(t.closed_at)}
                </td>
              </tr>
            )),
          )}
          {groups.length === 0 && (
            <tr>
              <td colSpan={4}>尚无意见</td>
            </tr>
          )}
        </tbody>
      </table>

      <h2>期限</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">期限</th>
            <th scope="col" className="w-day">
              起算
            </th>
            <th scope="col" className="w-day">
              届满
            </th>
            <th scope="col" className="w-short">
              状态
            </th>
            <th scope="col">依据</th>
          </tr>
        </thead>
        <tbody>
          {detail.deadlines.map((d) => (
            <DeadlineRow key={d.clock} of={d} />
          ))}
          {detail.deadlines.length === 0 && (
            <tr>
              <td colSpan={5}>尚无期限</td>
            </tr>
          )}
        </tbody>
      </table>

      <div className="signatures">
        {["申请单位（盖章）", "受理单位（盖章）", "审定单位（盖章）"].map((who) => (
          <div key={who}>
            <p>{who}</p>
            <p className="signature-line">签字</p>
            <p>年　　月　　日</p>
          </div>
        ))}
      </div>
      <footer>
        打印于 {moment(now, "")} · 记录 {detail.head.seq} 条，末条摘要{" "}
        <span className="hash num">{detail.head.hash}</span>
      </footer>
    </main>
  );
}

function DeadlineRow({ of: d }: { of: Deadline }) {
  const { period } = d.deadline.rule;
  return (
    <tr>
      <th scope="row">{d.title}</th>
      <td className="day">
        {moment(d.deadline.anchor)}
        <br />
        {period.n > 0 ? `${period.n} ${units[period.unit] ?? period.unit}` : "至指定日期"}
      </td>
      <td className="day">
        {longDay(d.deadline.day) || "待恢复后计算"}
        {d.deadline.provisional ? "（暂定）" : ""}
      </td>
      <td>{clockStates[d.state] ?? d.state}</td>
      <td>{d.basis.text}</td>
    </tr>
  );
}

function titleOf(kindName: string): string {
  return `${kindName}审批表`;
}
