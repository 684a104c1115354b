import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, sentenceOf } from "../api/errors";
import type { Choice, OpenedVote, VoteReceipt } from "../api/types";
import { newKey } from "../lib/ids";
import { choiceWords } from "../lib/votes";
import { castVote } from "./api";
import { forget, type Pending, recall, remember } from "./pending";
import { Problem, Screen } from "./Screen";

const choices: Choice[] = ["yes", "no", "abstain"];

interface Props {
  vote: OpenedVote;
  code: string;
  onBack: () => void;
  onDone: (receipt: VoteReceipt) => void;
}

/** Screen 3: choose, then confirm on the same screen. */
export function ChooseScreen({ vote, code, onBack, onDone }: Props) {
  const pending = useRef<Pending | undefined>(recall(code));
  const [choice, setChoice] = useState<Choice | undefined>(pending.current?.choice);
  const [confirming, setConfirming] = useState(Boolean(pending.current));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiError | string | undefined>(
    pending.current ? "上一次提交还不知道是否送达，请再提交一次，不会重复计票。" : undefined,
  );
  const unknown = problem instanceof ApiError && problem.unknown;

  const send = useCallback(async () => {
    if (!choice) {
      return;
    }
    // Another choice is another ballot and needs another key.
    if (pending.current?.choice !== choice) {
      pending.current = { code, choice, key: newKey() };
    }
    remember(pending.current);
    setBusy(true);
    setProblem(undefined);
    try {
      const receipt = await castVote(code, choice, pending.current.key);
      forget();
      onDone(receipt);
    } catch (error) {
      if (!(error instanceof ApiError && error.unknown)) {
        // A refusal is final: the next try is a new one.
        forget();
        pending.current = undefined;
      }
      setProblem(error instanceof ApiError ? error : sentenceOf(error));
    } finally {
      setBusy(false);
    }
  }, [choice, code, onDone]);

  // As soon as the phone has a network again the same ballot goes out under the same key.
  useEffect(() => {
    if (!unknown) {
      return;
    }
    const again = () => void send();
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [unknown, send]);

  const trouble = problem && (
    <Problem id="choice-problem">
      <p>{typeof problem === "string" ? problem : problem.sentence}</p>
      {problem instanceof ApiError && problem.code === "poll.closed" && (
        <p>
          <a className="r-link" href={`/gs/${encodeURIComponent(vote.poll.number)}`}>
            查看公告和结果
          </a>
        </p>
      )}
    </Problem>
  );

  if (confirming && choice) {
    return (
      <Screen step={3} title="请确认您的选择" key="confirm">
        <p className="r-question">{vote.poll.question}</p>
        <p className="r-chosen">
          <span className="r-quiet">您选择：</span>
          <strong>{choiceWords[choice]}</strong>
        </p>
        {trouble}
        <button type="button" className="r-button r-main-button" disabled={busy} onClick={() => void send()}>
          {busy ? "正在提交，请稍候…" : unknown || pending.current ? "再提交一次" : `确认${choiceWords[choice]}，提交`}
        </button>
        <button type="button" className="r-button" disabled={busy} onClick={() => setConfirming(false)}>
          返回重选
        </button>
      </Screen>
    );
  }
  return (
    <Screen step={3} title="请选择" key="choose">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (!choice) {
            setProblem("请先选择同意、不同意或者弃权。");
            return;
          }
          setProblem(undefined);
          setConfirming(true);
        }}
      >
        <div
          className="r-choices"
          role="radiogroup"
          aria-labelledby="choice-question"
          aria-required
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? "choice-problem" : undefined}
        >
          <p id="choice-question" className="r-question">
            {vote.poll.question}
          </p>
          {choices.map((value) => (
            <label key={value} className={choice === value ? "r-choice r-choice-on" : "r-choice"}>
              <input
                type="radio"
                name="choice"
                value={value}
                checked={choice === value}
                onChange={() => {
                  setChoice(value);
                  setProblem(undefined);
                }}
              />
              <span>{choiceWords[value]}</span>
            </label>
          ))}
        </div>
        {trouble}
        <button type="submit" className="r-button r-main-button">
          下一步，确认
        </button>
      </form>
      <button type="button" className="r-button" onClick={onBack}>
        返回
      </button>
    </Screen>
  );
}
