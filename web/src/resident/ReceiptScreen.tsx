import { useCallback, useEffect, useState } from "react";
import { ApiError, sentenceOf } from "../api/errors";
import type { OpenedVote, VoteReceipt } from "../api/types";
import { Qr } from "../components/Qr";
import { longMoment } from "../lib/dates";
import { saveText } from "../lib/files";
import { channelWords, choiceWords, groupedCode } from "../lib/votes";
import { readProof } from "./api";
import { Problem, Screen } from "./Screen";

const askEvery = 5_000;

interface Props {
  receipt: VoteReceipt;
  /** The versions that no longer count, newest first. */
  earlier: VoteReceipt[];
  /** It has arrived just now; otherwise it was opened again. */
  fresh: boolean;
  vote: OpenedVote;
  onBack: () => void;
  onLeave: () => void;
}

/** Screen 4: the ballot has arrived, and this is how to find it again. */
export function ReceiptScreen({ receipt, earlier, fresh, vote, onBack, onLeave }: Props) {
  const [busy, setBusy] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const [said, setSaid] = useState<string>();
  const [problem, setProblem] = useState<string>();

  const save = useCallback(async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const proof = await readProof(receipt.number, receipt.tracker);
      saveText(
        `表决回执-${receipt.tracker}.json`,
        `${JSON.stringify({ receipt, proof, verifier: vote.verifier }, null, 2)}\n`,
      );
      setWaiting(false);
      setSaid("回执已保存到手机的下载文件夹，里面有可以离线核验的证明。");
    } catch (error) {
      const early = error instanceof ApiError && error.status === 409;
      setWaiting(early);
      if (early) {
        setSaid("账本每分钟签名一次，签名后自动保存。您可以等一会儿，也可以只记下回执号。");
      } else {
        const unknown = error instanceof ApiError && error.unknown;
        setProblem(unknown ? "网络不通，还没有保存。您的票已经收到；请记下回执号，稍后再保存。" : sentenceOf(error));
      }
    } finally {
      setBusy(false);
    }
  }, [receipt, vote.verifier]);

  // The proof exists as soon as the ledger has been signed: nobody has to press the button again.
  useEffect(() => {
    if (!waiting || busy) {
      return;
    }
    const timer = window.setTimeout(() => void save(), askEvery);
    return () => window.clearTimeout(timer);
  }, [waiting, busy, save]);

  return (
    <Screen step={4} title={fresh ? "您的票已收到" : "您的票"}>
      <div className="r-receipt">
        <p>
          {vote.poll.title}
          <br />
          <strong>{choiceWords[receipt.choice]}</strong>（{channelWords[receipt.channel]}）
        </p>
        <p>{`${longMoment(receipt.at)} 收到，账本第 ${receipt.index + 1} 条。`}</p>
        {fresh && receipt.replaces && <p>您先前的那一票不再计入，以这一票为准。</p>}
        <p>
          回执号
          <br />
          <span className="r-tracker">{groupedCode(receipt.tracker)}</span>
        </p>
        <Qr text={receipt.link} label={`查验回执 ${groupedCode(receipt.tracker)} 的二维码`} className="r-qr" />
        <p className="r-quiet">
          用回执号随时可以查到这一票是否在账本里。回执不写姓名，但写明您的选择，请自己保管，不要发给别人。
        </p>
      </div>
      <div aria-live="polite">{said && <p className="r-ok">{said}</p>}</div>
      {problem && <Problem>{problem}</Problem>}
      <button type="button" className="r-button r-main-button" disabled={busy || waiting} onClick={() => void save()}>
        {waiting ? "等待签名，自动保存…" : busy ? "正在保存…" : "保存回执"}
      </button>
      <a className="r-button" href={receipt.link}>
        查验这一票
      </a>
      {earlier.length > 0 && <Earlier receipts={earlier} />}
      <button type="button" className="r-button" onClick={onBack}>
        {fresh && vote.poll.revisable ? "返回，更改选择" : "返回"}
      </button>
      <button type="button" className="r-button" onClick={onLeave}>
        完成，退出
      </button>
    </Screen>
  );
}

/** The versions that a later one has replaced: they stay in the ledger, and are not counted. */
function Earlier({ receipts }: { receipts: VoteReceipt[] }) {
  const left = (receipts[receipts.length - 1]?.n ?? 1) - 1;
  return (
    <section aria-labelledby="earlier">
      <h2 id="earlier">先前的票</h2>
      <ul className="r-lines">
        {receipts.map((r) => (
          <li key={r.n}>
            {longMoment(r.at)}：{choiceWords[r.choice]}（{channelWords[r.channel]}）
            <br />
            回执号 <span className="r-code">{groupedCode(r.tracker)}</span>
            <br />
            被后来的票取代，不计票
          </li>
        ))}
      </ul>
      {left > 0 && <p className="r-quiet">{`更早的 ${left} 次没有列出，也不计票。`}</p>}
    </section>
  );
}
