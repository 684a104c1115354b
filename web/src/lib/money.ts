// Money is an integer number of fen (分) everywhere; strings are parsed digit by digit, never through a float.

/** The largest amount a form accepts: 1,000,000,000.00 yuan, far below the safe integers. */
export const maxFen = 100_000_000_000;

export type Parsed = { ok: true; fen: number } | { ok: false; message: string };

const shape = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{0,2}))?$/;

/** Reads «9,600.00» as 960000 fen. Full-width digits and signs are accepted as typed by an input method. */
export function parseYuan(input: string): Parsed {
  const text = halfWidth(input).replace(/[\s\u00a5\u5143]/g, "");
  const match = shape.exec(text);
  if (!match) {
    return { ok: false, message: "请填写金额，单位元，最多两位小数，例如 9600.00" };
  }
  const yuan = (match[1] ?? "").replaceAll(",", "").replace(/^0+(?=\d)/, "");
  const cents = (match[2] ?? "").padEnd(2, "0");
  if (yuan.length > 10) {
    return { ok: false, message: "金额过大，最多 10 亿元" };
  }
  const fen = Number.parseInt(yuan + cents, 10);
  if (fen > maxFen) {
    return { ok: false, message: "金额过大，最多 10 亿元" };
  }
  return { ok: true, fen };
}

/** Writes 960000 fen as «9,600.00». */
export function formatYuan(fen: number): string {
  const digits = Math.abs(Math.trunc(fen)).toString().padStart(3, "0");
  const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `${fen < 0 ? "-" : ""}${yuan}.${digits.slice(-2)}`;
}

// Input methods type full-width digits and signs (U+FF01 to U+FF5E), an ideographic full stop and a full-width yuan sign.
function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/\u3002/g, ".")
    .replace(/\uffe5/g, "\u00a5");
}
