interface StageDef {
  name: string;
  title: string;
  segment: string;
}
interface StageRound {
  stage: string;
  title: string;
  segment: string;
  round: number;
  entered: string;
  left?: string;
  text?: string;
}

export interface Segment {
  title: string;
  /** ended: the case ended there without having been carried through. */
  state: "done" | "now" | "ahead" | "skipped" | "ended";
  /** The largest round of a stage in it: more than one means that the matter came back. */
  rounds: number;
  stages: StageRound[];
}

/** The stage bar: the segments in the order of the procedure, with the rounds that were really run. A case is carried through, cut short, or has not ended. */
export function segmentsOf(
  defs: StageDef[],
  rounds: StageRound[],
  current: string,
  end: "" | "carried" | "cut",
): Segment[] {
  const titles = [...new Set(defs.map((d) => d.segment))];
  for (const r of rounds) {
    if (!titles.includes(r.segment)) {
      titles.push(r.segment);
    }
  }
  const last = titles.map((t) => rounds.some((r) => r.segment === t)).lastIndexOf(true);
  return titles.map((title, i) => {
    const own = rounds.filter((r) => r.segment === title);
    const running = !end && (own.some((r) => !r.left) || title === current);
    const reached = end === "cut" && i === last ? "ended" : "done";
    const state = running ? "now" : own.length > 0 ? reached : i < last || end ? "skipped" : "ahead";
    return { title, state, rounds: own.reduce((n, r) => Math.max(n, r.round), 0), stages: own };
  });
}
