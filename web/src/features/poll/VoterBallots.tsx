import { Button, Input } from "antd";
import { useState } from "react";
import type { Poll } from "../../api/types";
import { EmptyState, Loaded } from "../../components/Loaded";
import { FileList } from "../../components/Uploads";
import { moment } from "../../lib/dates";
import { channelWords, choiceWords, groupedCode, voterNumber } from "../../lib/votes";
import { useBallotsOf } from "./api";

/** Every version of one voter's ballot; the last one counts. */
export function VoterBallots({ poll }: { poll: Poll }) {
  const [text, setText] = useState("");
  const [no, setNo] = useState<string>();
  const query = useBallotsOf(poll.number, no);
  return (
    <section className="panel panel-pad stack" aria-labelledby="versions-of">
      <h2 id="versions-of">查一个票号的各次表决</h2>
      <form
        className="row"
        onSubmit={(e) => {
          e.preventDefault();
          setNo(voterNumber(text) || undefined);
        }}
      >
        <Input
          value={text}
          aria-label="要查的票号"
          placeholder="票号，例如 0012"
          maxLength={60}
          style={{ width: 180 }}
          onChange={(e) => setText(e.target.value)}
        />
        <Button htmlType="submit">查看</Button>
      </form>
      {no && (
        <Loaded query={query} rows={2}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={`${no} 号还没有表决`} hint="收到票后，每一次的时间、途径和回执号列在这里。" />
            ) : (
              <ol className="versions">
                {items.map((b) => (
                  <li key={b.n} className="version">
                    <p>
                      第 {b.n} 次 · {channelWords[b.channel] ?? b.channel} · {moment(b.at)}{" "}
                      <span className={`tag ${b.counts ? "tag-accent" : "tag-grey"}`}>
                        {b.counts ? "计入" : "已被替代"}
                      </span>
                    </p>
                    <p>
                      {b.choice ? (
                        <strong>{choiceWords[b.choice]}</strong>
                      ) : (
                        <span className="muted">选择在截止前不公开</span>
                      )}
                      {b.tracker && <span className="num"> 回执 {groupedCode(b.tracker)}</span>}
                    </p>
                    {b.by && (
                      <p className="muted">
                        {b.by} 录入{b.second ? `，${b.second} ${b.channel === "door" ? "见证" : "复录"}` : ""}
                        {b.proxy ? `；由 ${b.proxy} 受托代投` : ""}
                      </p>
                    )}
                    {b.files.length > 0 && <FileList files={b.files} />}
                  </li>
                ))}
              </ol>
            )
          }
        </Loaded>
      )}
    </section>
  );
}
