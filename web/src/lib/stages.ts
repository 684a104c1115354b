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
  state: "done" | "now" | "ahead" | "skipped";
  /** The largest round of a stage in it: more than one means that the matter came back. */
  rounds: number;
  stages: StageRound[];
}

/** The stage bar: the segments in the order of the procedure, with the rounds that were really run. */
export function segmentsOf(defs: StageDef[], rounds: StageRound[], current: string, closed: boolean): Segment[] {
  const titles = [...new Set(defs.map((d) => d.segment))];
  for (const r of rounds) {
    if (!titles.includes(r.segment)) {
      titles.push(r.segment);
    }
  }
  const reached = titles.map((t) => rounds.some((r) => r.segment === t));
  const last = reached.lastIndexOf(true);
  return titles.map((title, i) => {
    const own = rounds.filter((r) => r.segment === title);
    const running = !closed && (own.some((r) => !r.left) || title === current);
    const state = running ? "now" : own.length > 0 ? "done" : i < last || closed ? "skipped" : "ahead";
    return { title, state, rounds: own.reduce((n, r) => Math.max(n, r.round), 0), stages: own };
  });
}
