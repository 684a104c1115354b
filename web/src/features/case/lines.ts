import type { EventView } from "../../api/types";
import { clockTime, dayOf } from "../../lib/dates";
import { isSystem } from "../../lib/names";

/** One line of the diary: an event, with those like it that happened at the same moment. */
export interface Line {
  first: EventView;
  last: EventView;
  count: number;
  /** Whose tasks they concern. */
  about: string[];
}

/** Folds what the clockwork says several times at once, of several people, into one line. What a person did stays by itself. */
export function linesOf(events: EventView[]): Line[] {
  const lines: Line[] = [];
  for (const e of events) {
    const open = lines.at(-1);
    if (open && alike(open.first, e)) {
      open.last = e;
      open.count++;
      open.about.push(...aboutOf(e));
    } else {
      lines.push({ first: e, last: e, count: 1, about: aboutOf(e) });
    }
  }
  return lines;
}

const aboutOf = (e: EventView) => (e.about ? [e.about] : []);

function alike(a: EventView, b: EventView): boolean {
  const bare = (e: EventView) => isSystem(e.actor) && !e.note && !e.attachments?.length;
  return bare(a) && bare(b) && a.type === b.type && a.text === b.text && minute(a) === minute(b);
}

const minute = (e: EventView) => `${dayOf(e.at)} ${clockTime(e.at)}`;

/** The numbers of a line in the record, whichever way round it is read. */
export function numbersOf({ first, last }: Line): string {
  const [low, high] = [first.seq, last.seq].sort((a, b) => a - b);
  return low === high ? `第 ${low} 条` : `第 ${low} 至 ${high} 条`;
}
