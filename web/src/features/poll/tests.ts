import type { Board, ConsentRule, Poll } from "../../api/types";
import { amount, headUnit, leastOf, percentFloor, ratioWords } from "../../lib/votes";

export type Measure = "heads" | "area";
type Test = ConsentRule["tests"][number];
type Weight = Board["turnout"]["cast"];

/** One test of the rule with the numbers of this moment. */
export interface Standing {
  key: string;
  quorum: boolean;
  title: string;
  part: number;
  whole: number;
  /** What the part must reach, of the whole as it is now. */
  least?: number;
  met: boolean;
  ratio: string;
  /** The same number on the bar, whose length is the whole roll. */
  mark?: number;
}

/** Two bars: heads always, area where the rule asks for it. */
export function measuresOf(rule: ConsentRule): Measure[] {
  return (["heads", "area"] as const).filter((m) => m === "heads" || rule.tests.some((t) => t.measure === m));
}

export const measureWords = (poll: Poll, m: Measure): string =>
  m === "area"
    ? "专有部分面积"
    : poll.options.counting === "owner"
      ? "业主人数"
      : poll.options.counting === "household"
        ? "户数"
        : "居民人数";

export const unitWords = (poll: Poll, m: Measure): string =>
  m === "area" ? "平方米" : headUnit(poll.options.counting);

const of = (m: Measure, w: Weight): number => (m === "area" ? w.area : w.heads);

/**
 * How the tests of one measure stand. Silent votes that follow the majority are not guessed at: they are counted at the
 * close by the server. Consent is left out while running results are hidden.
 */
export function standingsOf(board: Board, m: Measure): Standing[] {
  const { poll, totals } = board;
  const all = of(m, board.turnout.all);
  const cast = of(m, board.turnout.cast);
  const signed = totals && poll.rule.silent === "abstainIfSigned" ? of(m, totals.signed) : 0;
  const groups: Record<string, number | undefined> = {
    all,
    participants: cast + signed,
    yes: totals ? of(m, totals.yes) : undefined,
  };
  return poll.rule.tests
    .filter((t) => t.measure === m)
    .flatMap((t) => {
      const part = groups[t.part];
      const whole = groups[t.whole];
      return part === undefined || whole === undefined ? [] : [standing(t, part, whole)];
    });
}

function standing(t: Test, part: number, whole: number): Standing {
  const least = leastOf(t.ratio, whole);
  return {
    key: t.key,
    quorum: t.part === "participants",
    title: `${groupWords[t.part] ?? t.part}／${groupWords[t.whole] ?? t.whole}`,
    part,
    whole,
    least,
    met: least !== undefined && part >= least,
    ratio: ratioWords(t.ratio),
    mark: least,
  };
}

const groupWords: Record<string, string> = { all: "全体", participants: "参与", yes: "同意" };

/** «59/87，67.81%». The fraction comes first: the percentage is rounded down. */
export function fraction(m: Measure, part: number, whole: number): string {
  return `${amount(m, part)}/${amount(m, whole)}，${percentFloor(part, whole)}`;
}
