/** The table of one year as an administrator loads it; the server checks every day of it. */
export interface YearTable {
  year: number;
  source: string;
  version: string;
  off: string[];
  work: string[];
}

/** Reads a file; what is wrong with it is said in a sentence (as a SyntaxError). */
export function readYear(text: string): YearTable {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError("文件不是有效的 JSON，请检查后重新选择。");
  }
  const table = value as Partial<YearTable> | null;
  if (!table || typeof table !== "object" || !Number.isInteger(table.year)) {
    throw new SyntaxError("文件里没有年份（year）。");
  }
  for (const name of ["off", "work"] as const) {
    const days = table[name];
    const what = name === "off" ? "放假日（off）" : "补班日（work）";
    if (!Array.isArray(days)) {
      throw new SyntaxError(`文件里没有${what}。`);
    }
    const wrong = days.find((d) => !isDayOf(d, table.year));
    if (wrong !== undefined) {
      throw new SyntaxError(`${what}里的 ${wrong} 不是 ${table.year} 年的日期，应写作 ${table.year}-01-01 的样子。`);
    }
  }
  if (!table.source || !table.version) {
    throw new SyntaxError("文件里须写明来源（source）和版本（version）。");
  }
  return table as YearTable;
}

function isDayOf(day: unknown, year: number | undefined): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === day && day.startsWith(`${year}-`);
}
