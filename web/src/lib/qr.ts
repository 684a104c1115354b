import { correction, generate } from "lean-qr/nano";

/** A QR code as the path of a drawing of size × size modules, with the white margin that readers need. */
export interface QrDrawing {
  size: number;
  path: string;
}

const quietZone = 4;

/** Draws a text as a QR code of medium error correction: paper gets folded. */
export function drawQr(text: string): QrDrawing {
  const code = generate(text, { minCorrectionLevel: correction.M });
  let path = "";
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      const start = x;
      while (code.get(x, y)) {
        x++;
      }
      if (x > start) {
        path += `M${start + quietZone} ${y + quietZone}h${x - start}v1h-${x - start}z`;
      }
    }
  }
  return { size: code.size + 2 * quietZone, path };
}
