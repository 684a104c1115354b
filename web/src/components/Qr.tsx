import { useMemo } from "react";
import { drawQr } from "../lib/qr";

interface Props {
  text: string;
  label: string;
  className?: string;
}

/** A QR code drawn as one path: sharp on every screen and on paper. */
export function Qr({ text, label, className }: Props) {
  const { size, path } = useMemo(() => drawQr(text), [text]);
  return (
    <svg className={className} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
