// Words and numbers of votes. Heads and areas are integers (areas in 0.01 m²); a share is never a float: it is compared
// and rounded down with big integers, and shown beside its fraction.

export interface Ratio {
  num: number;
  den: number;
  strict: boolean;
}

export const choiceWords: Record<string, string> = { yes: "同意", no: "不同意", abstain: "弃权" };
export const channelWords: Record<string, string> = { web: "网上", paper: "纸质", door: "入户" };
export const animalWords: Record<string, string> = {
  OWNER_278: "业主共同决定",
  RESIDENT_POLL: "居民表决",
  UNIT_LIFT: "单元加装电梯",
};
export const pollStates: Record<string, [string, string]> = {
  preparing: ["准备中", "grey"],
  open: ["表决中", "accent"],
  closed: ["已截止，待计票", "yellow"],
  counted: ["初步统计结果", "accent"],
  final: ["结果已定", "grey"],
  void: ["已作废", "grey"],
};
export const outcomeWords: Record<string, string> = {
  passed: "通过",
  rejected: "未通过",
  invalid: "参与未达规定比例，表决不成立",
};

/** Whether a vote can still pass; «!» marks what is certain. */
export const chanceWords: Record<string, [string, string]> = {
  waiting: ["还没有开始", "grey"],
  open: ["还可以通过", "accent"],
  passes: ["照现在会通过", "accent"],
  "passes!": ["已确定达到比例", "accent"],
  fails: ["照现在通不过", "yellow"],
  "fails!": ["已确定通不过", "yellow"],
  over: ["等结果", "grey"],
  "over!": ["不再变动", "grey"],
};

/** What a head is called: 业主 and residents are persons, households are 户. */
export function headUnit(counting: string | undefined): string {
  return counting === "household" ? "户" : "人";
}

/** A roll names a building by its number alone, or as people say it. */
export function buildingWords(building: string): string {
  return /^\d+$/.test(building) ? `${building} 号楼` : building || "未注明楼号";
}

/** The title of a vote names its estate as a rule; where it does not, the estate stands before it. */
export function projectWords(p: { estate: string; title: string }): string {
  return p.title.includes(p.estate) ? p.title : `${p.estate} ${p.title}`;
}

/** Who votes for a voter, where that is not plain from the names: a chosen joint owner, a guardian. */
export function speakerWords(v: { names: string[]; speaker?: string }): string {
  return v.speaker && !(v.names.length === 1 && v.names[0] === v.speaker) ? `（由 ${v.speaker} 表决）` : "";
}

/** 1234567 as 1,234,567. */
export function grouped(n: number): string {
  return String(Math.trunc(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** An area in 0.01 m² as 5,440.00. */
export function squareMetres(area: number): string {
  const digits = String(Math.abs(Math.trunc(area))).padStart(3, "0");
  return `${area < 0 ? "-" : ""}${grouped(Number(digits.slice(0, -2)))}.${digits.slice(-2)}`;
}

/** A number of one measure, without its unit. */
export function amount(measure: string, n: number): string {
  return measure === "area" ? squareMetres(n) : grouped(n);
}

/** A share of a whole in percent, rounded down to two digits: 66.66%. A dash when there is nothing to share. */
export function percentFloor(part: number, whole: number): string {
  if (whole <= 0 || part < 0) {
    return "—";
  }
  const points = (BigInt(part) * BigInt(10_000)) / BigInt(whole);
  return `${points / BigInt(100)}.${String(points % BigInt(100)).padStart(2, "0")}%`;
}

/** The smallest part of a whole that reaches the ratio; undefined when none can. */
export function leastOf(ratio: Ratio, whole: number): number | undefined {
  if (whole <= 0 || ratio.den <= 0) {
    return undefined;
  }
  const product = BigInt(whole) * BigInt(ratio.num);
  const den = BigInt(ratio.den);
  const exact = product % den === BigInt(0);
  return Number(product / den + (ratio.strict || !exact ? BigInt(1) : BigInt(0)));
}

/** 2/3 以上, 超过 1/2. */
export function ratioWords(r: Ratio): string {
  return r.strict ? `超过 ${r.num}/${r.den}` : `${r.num}/${r.den} 以上`;
}

/** The server says with the largest number of 64 bits that no ballots can help; JSON numbers cannot hold it exactly. */
export function unreachable(n: number): boolean {
  return n > Number.MAX_SAFE_INTEGER;
}

/** A personal code as it is printed: 4-4-4-4. */
export function groupedCode(code: string): string {
  return (plainCode(code).match(/.{1,4}/g) ?? []).join("-");
}

/** A code as it is typed: spaces and dashes do not matter, nor capitals, and letters that look like digits are digits. */
export function plainCode(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .toUpperCase()
    .replace(/[\s\-\u2010-\u2015\u3000]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
}

export const codeLength = 16;

/** What is wrong with a code as typed, or nothing. Crockford's alphabet has no I, L, O and U. */
export function codeProblem(text: string): string | undefined {
  const code = plainCode(text);
  if (code.length === 0) {
    return "请输入投票口令。";
  }
  const strange = /[^0-9A-HJKMNP-TV-Z]/.exec(code);
  if (strange) {
    return `投票口令里没有「${strange[0]}」，请对照信上的再看一遍。`;
  }
  if (code.length !== codeLength) {
    return `投票口令共 ${codeLength} 位，现在是 ${code.length} 位，请对照信上的再看一遍。`;
  }
  return undefined;
}

/** The number of a voter as typed or scanned: «12» and «CS-2026-000731#0012» are both 0012. */
export function voterNumber(text: string): string {
  const typed = text
    .slice(text.lastIndexOf("#") + 1)
    .replace(/[\uff10-\uff19]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const digits = typed.trim();
  return /^\d{1,3}$/.test(digits) ? digits.padStart(4, "0") : digits;
}

/** Reads «5,440.00» m² as 544000; undefined when it is no area. */
export function parseArea(input: string): number | undefined {
  const match = /^(\d{1,3}(?:,\d{3})+|\d{1,11})(?:\.(\d{0,2}))?$/.exec(input.trim());
  return match ? Number(`${(match[1] ?? "").replace(/,/g, "")}${(match[2] ?? "").padEnd(2, "0")}`) : undefined;
}

/** What is left of a window in words: days while there are any, then hours and minutes. */
export function leftUntil(closes: string, now: Date): string | undefined {
  const minutes = Math.floor((Date.parse(closes) - now.getTime()) / 60_000);
  if (minutes < 0) {
    return undefined;
  }
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days > 0) {
    return hours > 0 ? `还剩 ${days} 天 ${hours} 小时` : `还剩 ${days} 天`;
  }
  return hours > 0 ? `还剩 ${hours} 小时 ${minutes % 60} 分` : `还剩 ${minutes % 60} 分`;
}
