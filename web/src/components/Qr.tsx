interface Props {
  of: { size: number; path: string };
  label: string;
  className?: string;
}

/** A QR code as the server drew it: one path, sharp on every screen and on paper, with the quiet zone that readers need. */
export function Qr({ of, label, className }: Props) {
  return (
    <svg
      className={className}
      viewBox={`0 0 ${of.size} ${of.size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={of.size} height={of.size} fill="#fff" />
      <path d={of.path} fill="#000" />
    </svg>
  );
}
