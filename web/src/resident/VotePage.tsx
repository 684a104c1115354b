import { useCallback, useEffect, useState } from "react";
import { sentenceOf } from "../api/errors";
import type { OpenedVote, VoteReceipt } from "../api/types";
import { choiceWords, codeProblem, plainCode } from "../lib/votes";
import { openVote } from "./api";
import { ChooseScreen } from "./ChooseScreen";
import { CodeScreen } from "./CodeScreen";
import { NoticeScreen } from "./NoticeScreen";
import { forget, recall } from "./pending";
import { ReceiptScreen } from "./ReceiptScreen";

type Where = "code" | "notice" | "choose" | "receipt";

/** Code, what is voted on, choice, receipt: no step has a time limit, and nothing entered is lost on the way. */
export function VotePage() {
  const [said, setSaid] = useState("");
  return (
    <>
      {/* It stands here before it has anything to say: a region that comes with its text is not read out. */}
      <p className="r-hidden" role="status">
        {said}
      </p>
      <Screens onSay={setSaid} />
    </>
  );
}

function Screens({ onSay }: { onSay: (words: string) => void }) {
  const [where, setWhere] = useState<Where>("code");
  const [code, setCode] = useState(() => plainCode(decode(window.location.hash.slice(1))));
  const [opened, setOpened] = useState<OpenedVote>();
  const [cast, setCast] = useState<VoteReceipt>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const open = useCallback(async (text: string) => {
    const wrong = codeProblem(text);
    if (wrong) {
      setProblem(wrong);
      return;
    }
    const plain = plainCode(text);
    setBusy(true);
    setProblem(undefined);
    try {
      const vote = await openVote(plain);
      setCode(plain);
      setOpened(vote);
      setCast(undefined);
      onSay("");
      // A ballot that was sent before the page was loaded anew waits for its answer.
      setWhere(recall(plain) && vote.poll.state === "open" ? "choose" : "notice");
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  }, [onSay]);

  // A link from the letter carries the code; another link opened in the same tab begins anew.
  useEffect(() => {
    const follow = () => {
      const text = decode(window.location.hash.slice(1));
      setWhere("code");
      setCode(plainCode(text));
      if (text) {
        void open(text);
      }
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [open]);

  const leave = () => {
    forget();
    setOpened(undefined);
    setCast(undefined);
    onSay("");
    setCode("");
    setProblem(undefined);
    // The code leaves the address too: the phone may be handed to somebody else.
    window.history.replaceState(null, "", "/v");
    setWhere("code");
  };

  if (where === "code" || !opened) {
    return <CodeScreen code={code} busy={busy} problem={problem} onOpen={open} />;
  }
  const [latest, ...earlier] = opened.ballots;
  const receipt = cast ?? latest;
  if (where === "receipt" && receipt) {
    return (
      <ReceiptScreen
        receipt={receipt}
        earlier={cast ? opened.ballots : earlier}
        fresh={Boolean(cast)}
        vote={opened}
        onBack={() => open(code)}
        onLeave={leave}
      />
    );
  }
  if (where === "choose") {
    return (
      <ChooseScreen
        vote={opened}
        code={code}
        onBack={() => setWhere("notice")}
        onDone={(r) => {
          setCast(r);
          onSay(`您的票已收到：${choiceWords[r.choice]}。`);
          setWhere("receipt");
        }}
      />
    );
  }
  return (
    <NoticeScreen
      vote={opened}
      onNext={() => setWhere("choose")}
      onReceipt={() => setWhere("receipt")}
      onLeave={leave}
    />
  );
}

/** What stands behind # in the address; a damaged link is read as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
