import { type ReactNode, useEffect, useRef } from "react";

interface Props {
  step?: number;
  title: string;
  children: ReactNode;
}

/** One screen. Its heading takes the focus, so that a screen reader begins there and not where the last screen ended. */
export function Screen({ step, title, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
    window.scrollTo(0, 0);
    heading.current?.focus();
  }, [title]);
  return (
    <section className="r-screen">
      {step && <p className="r-step">第 {step} 步，共 4 步</p>}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </section>
  );
}

/** What went wrong, read out as soon as it appears; its id ties it to the field that it is about. */
export function Problem({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <div id={id} className="r-problem" role="alert">
      {children}
    </div>
  );
}
