import { FieldTimeOutlined, StepForwardOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Tooltip } from "antd";
import { api, data, once } from "../api/client";
import { sentenceOf } from "../api/errors";
import type { Clock } from "../api/types";
import { moment } from "../lib/dates";
import { useClock, useNow } from "./now";

/** The virtual clock of the demonstration, with a button that jumps to the next deadline. */
export function DemoClock() {
  const clock = useClock().data;
  const now = useNow();
  const client = useQueryClient();
  const { message } = App.useApp();
  const jump = useMutation({
    mutationFn: () => data<Clock>(api.POST("/api/v1/clock/jump", { params: { header: once() }, body: { to: "next" } })),
    onSuccess: async (c) => {
      message.info(`时间已快进到 ${moment(c.now)}`);
      await client.invalidateQueries();
    },
    onError: (error) => message.warning(sentenceOf(error)),
  });
  if (!clock?.virtual) {
    return null;
  }
  const next = clock.next;
  const why = next ? `下一个：${moment(next.at)} ${next.title ?? ""} ${next.case ?? ""}` : "没有等待到期的期限";
  return (
    <section className="demo-clock" aria-label="演示时间">
      <span className="demo-time">
        <FieldTimeOutlined aria-hidden /> <span className="visually-hidden">演示时间</span>
        {moment(now)}
      </span>
      <Tooltip title={why}>
        <Button
          size="small"
          icon={<StepForwardOutlined aria-hidden />}
          loading={jump.isPending}
          disabled={!next}
          onClick={() => jump.mutate()}
          aria-label={`快进到下一个期限。${why}`}
        >
          <span className="demo-long">快进到下一个期限</span>
          <span className="demo-short">快进</span>
        </Button>
      </Tooltip>
    </section>
  );
}
