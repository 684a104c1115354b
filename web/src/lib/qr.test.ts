import decode from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { drawQr } from "./qr";

/** Fills the drawing, several points to a module, and reads it as a telephone does: with another library than drew it. */
function readBack(text: string): string {
  const points = 6;
  const { size, path } = drawQr(text);
  const width = size * points;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, left, top, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let y = Number(top) * points; y < (Number(top) + 1) * points; y++) {
      for (let x = Number(left) * points; x < (Number(left) + Number(length)) * points; x++) {
        data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
      }
    }
  }
  return decode({ width, height: width, data });
}

describe("drawQr", () => {
  it.each([
    "https://vote.example.cn/gs/XW-BJ-2026-001?receipt=0123456789ABCDEF",
    "https://vote.example.cn/v#0123-4567-89AB-CDEF",
    "XW-BJ-2026-001#0012",
  ])("draws what a reader reads: %s", (text) => expect(readBack(text)).toBe(text));

  it("leaves a margin of four modules on every side", () => {
    const { size, path } = drawQr("x".repeat(300));
    for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
      expect(Math.min(Number(x), Number(y))).toBeGreaterThanOrEqual(4);
      expect(Math.max(Number(x) + Number(length), Number(y) + 1)).toBeLessThanOrEqual(size - 4);
    }
  });

  it("refuses a text that no code can hold", () => expect(() => drawQr("x".repeat(4000))).toThrow());
});
