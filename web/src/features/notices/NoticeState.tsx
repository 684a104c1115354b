import type { ReactNode } from "react";
import type { Notice } from "../../api/types";
import { useLeft, useToday } from "../../app/now";
import { shortDay } from "../../lib/dates";
import "./notice.css";

type Shown = Pick<Notice, "objections" | "version" | "replaced_by" | "until">;

/** What a notice means today: displayed until when, open to objections until when, the list in force or replaced. */
export function NoticeState({ notice: n }: { notice: Shown }) {
  const today = useToday();
  const year = today.slice(0, 4);
  const open = n.objections !== undefined && n.objections >= today;
  const left = useLeft(open ? n.objections : undefined);
  return (
    <p className="row notice-state">
      {n.objections && (
        <Said tag={open ? "yellow" : "grey"} word={open ? "可提异议" : "异议期已过"}>
          {shortDay(n.objections, year)}止{left && `，${left.text}`}
        </Said>
      )}
      {n.version ? (
        <Said tag={n.replaced_by ? "grey" : "accent"} word={n.replaced_by ? "已有新版" : "现行版本"}>
          {n.replaced_by && `由 ${n.replaced_by} 版替代`}
        </Said>
      ) : n.until ? (
        <Display until={n.until} today={today} />
      ) : (
        <Said tag="accent" word="长期公布" />
      )}
    </p>
  );
}

function Display({ until, today }: { until: string; today: string }) {
  const over = until < today;
  return (
    <Said tag={over ? "grey" : "accent"} word={over ? "公示期满" : "公示中"}>
      {shortDay(until, today.slice(0, 4))}止
    </Said>
  );
}

function Said({ tag, word, children }: { tag: string; word: string; children?: ReactNode }) {
  return (
    <span>
      <span className={`tag tag-${tag}`}>{word}</span> {children}
    </span>
  );
}
