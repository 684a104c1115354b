import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button } from "antd";
import { useRef, useState } from "react";
import { api, once } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { keys } from "../../api/keys";
import type { CalendarYear } from "../../api/types";
import { useCalendars } from "../../app/now";
import { Loaded } from "../../components/Loaded";
import { spansOf } from "../../lib/dates";
import { readYear } from "./readYear";

/** Years of the working calendar; a year that is not loaded makes deadlines provisional. */
export function CalendarSection() {
  const query = useCalendars();
  const client = useQueryClient();
  const { message } = App.useApp();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const load = useMutation({
    mutationFn: async (file: File) => {
      const table = readYear(await file.text());
      await api.PUT("/api/v1/calendars/{year}", {
        params: { header: once(), path: { year: table.year } },
        body: table as never,
      });
      return table.year;
    },
    onMutate: () => setProblem(undefined),
    onError: (error) => setProblem(error instanceof SyntaxError ? error.message : sentenceOf(error)),
    onSuccess: async (year) => {
      await client.invalidateQueries({ queryKey: keys.calendars });
      await client.invalidateQueries({ queryKey: ["case"] });
      message.success(`已载入 ${year} 年工作日历，暂定的期限会重新计算`);
    },
  });
  return (
    <>
      <div className="admin-bar">
        <p className="muted">
          国务院办公厅公布下一年放假安排后，在这里载入。文件须写明年份、来源、版本、放假日和补班日。
        </p>
        <input
          ref={input}
          type="file"
          hidden
          accept=".json,application/json"
          onChange={(e) => {
            const file = e.target.files?.[0];
            if (file) {
              load.mutate(file);
            }
            e.target.value = "";
          }}
        />
        <Button type="primary" loading={load.isPending} onClick={() => input.current?.click()}>
          载入年度日历
        </Button>
      </div>
      {problem && <Alert className="admin-alert" type="warning" showIcon title={problem} />}
      <Loaded query={query} rows={4}>
        {(c) => (
          <>
            <ul className="years">
              {withNext(c.years).map((y) => (
                <Year key={y.year} of={y} />
              ))}
            </ul>
            <p className="muted admin-note">现行日历版本：{c.version}</p>
          </>
        )}
      </Loaded>
    </>
  );
}

/** Newest first, with the year after the last one, whose deadlines are provisional until it is loaded. */
function withNext(years: CalendarYear[]): CalendarYear[] {
  const last = Math.max(...years.map((y) => y.year));
  const next = Number.isFinite(last) ? [{ year: last + 1, loaded: false, off: [], work: [] }] : [];
  return [...years, ...next].sort((a, b) => b.year - a.year);
}

function Year({ of: y }: { of: CalendarYear }) {
  return (
    <li className="year">
      <h3 className="num">
        {y.year}年{" "}
        <span className={`tag ${y.loaded ? "tag-accent" : "tag-yellow"}`}>
          {y.loaded ? "已载入" : "尚未载入，期限为暂定"}
        </span>
      </h3>
      {y.loaded ? (
        <>
          <p className="muted">
            来源：{y.source || "未注明"} · 版本 {y.version || "未注明"}
          </p>
          <p>
            放假 {y.off.length} 天{y.off.length > 0 ? `：${spansOf(y.off).join("、")}` : ""}
          </p>
          <p>
            补班 {y.work.length} 天{y.work.length > 0 ? `：${spansOf(y.work).join("、")}` : ""}
          </p>
        </>
      ) : (
        <p className="muted">跨入这一年的期限按周一至周五暂算，并标明「暂定」；载入后自动重新计算。</p>
      )}
    </li>
  );
}
