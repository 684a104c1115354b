import { useToday } from "../../app/now";
import type { CalendarDeadline } from "../../api/types";
import { ledgerWords, weeksOf } from "../../lib/ledger";

const weekdays = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

interface Props {
  ledger: NonNullable<CalendarDeadline["ledger"]>;
  title: string;
  version: string;
}

/** The ledger as a calendar: each day counted, skipped or paused, and why. */
export function LedgerTable({ ledger, title, version }: Props) {
  const today = useToday();
  if (ledger.length === 0) {
    return <p className="muted">这个期限没有逐日台账（以小时计，或尚未开始）。</p>;
  }
  return (
    <div className="ledger-wrap">
      <table className="ledger">
        <caption className="visually-hidden">{title}逐日台账</caption>
        <thead>
          <tr>
            {weekdays.map((w) => (
              <th scope="col" key={w}>
                {w}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(ledger).map((week) => (
            <tr key={week.monday}>
              {week.days.map((day, i) =>
                day ? (
                  <td key={day.date} className={`ledger-${day.status}${day.date === today ? " ledger-today" : ""}`}>
                    <span className="ledger-date num">
                      {Number(day.date.slice(5, 7))}.{Number(day.date.slice(8))}
                      {day.date === today && <span className="visually-hidden">（今天）</span>}
                    </span>
                    <span className="ledger-word">
                      {ledgerWords[day.status] ?? day.status}
                      {(day.status === "counted" || day.status === "due") && <b className="num"> {day.count}</b>}
                    </span>
                    {day.note && <span className="ledger-note">{day.note}</span>}
                  </td>
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an empty cell is only its place in the week
                  <td key={i} className="ledger-empty" />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted ledger-source">数字为截至当日已计入的天数。工作日历版本：{version}</p>
    </div>
  );
}
