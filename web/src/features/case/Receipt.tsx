import { Button } from "antd";
import { useEvents } from "./api";
import { moment } from "../../lib/dates";

/** The receipt of a refusal (拒绝回执), as issued and recorded. */
export function Receipt({ number }: { number: string }) {
  const events = useEvents(number).data ?? [];
  const issued = events.filter((e) => e.type === "receipt.issued");
  if (issued.length === 0) {
    return null;
  }
  return (
    <>
      {issued.map((e) => {
        const { receipt, text } = e.data as { receipt: string; text: string };
        return (
          <section key={e.seq} className="panel receipt" aria-label="拒绝回执">
            <h2>拒绝回执</h2>
            <p className="muted num">编号 {receipt}</p>
            <p className="pre">{text}</p>
            <p className="muted">
              {moment(e.at)} 出具，已记入办件第 {e.seq} 条
            </p>
            <Button onClick={() => window.print()}>打印回执</Button>
          </section>
        );
      })}
    </>
  );
}
