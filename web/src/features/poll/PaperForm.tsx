import type { Poll, SheetResult } from "../../api/types";
import { choiceWords, groupedCode } from "../../lib/votes";
import { enterSheet } from "./api";
import { type Entry, EntryForm, type Said } from "./EntryForm";

/** Paper ballots, entered twice by two people. */
export function PaperForm({ poll }: { poll: Poll }) {
  return (
    <EntryForm
      poll={poll}
      name="paper"
      title="录入纸质票"
      hint="票号、选择、回车。每张票由两个人各录一遍，一致才计票。"
      action="录入"
      missing={[]}
      send={(entry, header) => enterSheet(poll.number, entry, header)}
      done={sentence}
    />
  );
}

function sentence({ voter, choice }: Entry, { sheet, receipt }: SheetResult): Said {
  if (receipt) {
    return {
      text: `${voter} 号两遍一致：${choiceWords[choice]}，已计票，回执 ${groupedCode(receipt.tracker)}`,
      good: true,
    };
  }
  if (sheet.state === "different") {
    return { text: `${voter} 号两遍不一致，没有计票：请两人对照原票，各自重新录入`, good: false };
  }
  return { text: `${voter} 号已录第一遍（${choiceWords[choice]}），等另一人录第二遍`, good: true };
}
