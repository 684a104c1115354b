import { Segmented, Switch } from "antd";
import { useMemo, useState } from "react";
import type { EventView } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { FileList } from "../../components/Uploads";
import { clockTime, dayOf, longDay } from "../../lib/dates";
import { actorTitle, isSystem } from "../../lib/names";
import { useEvents } from "./api";
import { type Line, linesOf, numbersOf } from "./lines";
import { type EventGroup, eventIcon, groups } from "./eventKinds";

/** The record of the case as a diary: who did what and when, with opinions, pauses, reminders and reads. */
export function Timeline({ number }: { number: string }) {
  const query = useEvents(number);
  const [group, setGroup] = useState<EventGroup | "all">("main");
  const [oldestFirst, setOldestFirst] = useState(false);
  return (
    <div className="tab-pad">
      <div className="row timeline-bar">
        <Segmented
          aria-label="筛选经过"
          value={group}
          onChange={(v) => setGroup(v as EventGroup | "all")}
          options={[
            ...Object.entries(groups).map(([value, g]) => ({ value, label: g.label })),
            { value: "all", label: "全部" },
          ]}
        />
        <span className="row">
          <Switch size="small" checked={oldestFirst} onChange={setOldestFirst} aria-label="从头看起" /> 从头看起
        </span>
      </div>
      <Loaded query={query} rows={8}>
        {(events) => <Days events={events} group={group} oldestFirst={oldestFirst} />}
      </Loaded>
    </div>
  );
}

function Days({
  events,
  group,
  oldestFirst,
}: {
  events: EventView[];
  group: EventGroup | "all";
  oldestFirst: boolean;
}) {
  const days = useMemo(() => {
    const shown = events.filter((e) => group === "all" || groups[group].has(e));
    const ordered = oldestFirst ? shown : [...shown].reverse();
    const byDay = new Map<string, EventView[]>();
    for (const e of ordered) {
      const day = dayOf(e.at);
      byDay.set(day, [...(byDay.get(day) ?? []), e]);
    }
    return [...byDay];
  }, [events, group, oldestFirst]);

  if (days.length === 0) {
    return <EmptyState title="没有这类记录" hint="选择「全部」可以看到办件的每一条记录。" />;
  }
  return (
    <ol className="days">
      {days.map(([day, list]) => (
        <li key={day}>
          <h3 className="day">{longDay(day)}</h3>
          <ol>
            {linesOf(list).map((line) => (
              <LineItem key={line.first.seq} line={line} />
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

function LineItem({ line }: { line: Line }) {
  const { first: e, count, about } = line;
  return (
    <li className={`event${isSystem(e.actor) ? " event-system" : ""}`}>
      <time className="event-time num" dateTime={e.at}>
        {clockTime(e.at)}
      </time>
      <span className="event-icon" aria-hidden>
        {eventIcon(e)}
      </span>
      <div className="event-body">
        <p>
          {e.text}
          {count > 1 && <span className="muted"> 共 {count} 处</span>}
        </p>
        {about.length > 0 && <p className="muted">{about.join("、")}</p>}
        {e.note && <blockquote className="event-note pre">{e.note}</blockquote>}
        {e.attachments && e.attachments.length > 0 && <FileList files={e.attachments} />}
        <p className="event-who">
          {actorTitle(e.actor)} · {numbersOf(line)}
        </p>
      </div>
    </li>
  );
}
