import { type ReactNode, useEffect, useState } from "react";

const sizes = [
  { px: 18, label: "标准", title: "标准字" },
  { px: 24, label: "大", title: "大字" },
  { px: 30, label: "特大", title: "特大字" },
];
const remembered = "gongzhi.text-size";

/** What every screen for residents has: the name, and the switch of the size of the text. */
export function Frame({ children }: { children: ReactNode }) {
  const [size, setSize] = useState(() => read() ?? 18);
  useEffect(() => {
    document.documentElement.style.fontSize = `${size}px`;
    try {
      localStorage.setItem(remembered, String(size));
    } catch {
      // A phone may forbid storage: the size holds for this visit only.
    }
  }, [size]);
  return (
    <>
      <header className="r-top">
        <p className="r-brand">共治 · 表决</p>
        <fieldset className="r-sizes">
          <legend className="r-hidden">文字大小</legend>
          {sizes.map((s) => (
            <button
              key={s.px}
              type="button"
              className="r-size"
              aria-pressed={size === s.px}
              aria-label={s.title}
              onClick={() => setSize(s.px)}
            >
              {s.label}
            </button>
          ))}
        </fieldset>
      </header>
      <main className="r-main">{children}</main>
    </>
  );
}

function read(): number | undefined {
  try {
    const px = Number(localStorage.getItem(remembered));
    return sizes.some((s) => s.px === px) ? px : undefined;
  } catch {
    return undefined;
  }
}
