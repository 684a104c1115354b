import { CheckCircleOutlined, ClockCircleOutlined, PauseCircleOutlined, WarningOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Sentence as SentenceData } from "../api/types";
import type { Tone } from "../lib/workdays";

const icons: Record<Tone, ReactNode> = {
  normal: <ClockCircleOutlined aria-hidden />,
  yellow: <WarningOutlined aria-hidden />,
  red: <WarningOutlined aria-hidden />,
  paused: <PauseCircleOutlined aria-hidden />,
  done: <CheckCircleOutlined aria-hidden />,
};

export function toneOf(tone: string): Tone {
  return tone in icons ? (tone as Tone) : "normal";
}

/** The state of a case or task as a person would say it; the words come from the server, in one wording everywhere. */
export function Sentence({ of, large }: { of: SentenceData; large?: boolean }) {
  const tone = toneOf(of.tone);
  const parts = of.parts?.length ? of.parts : [{ text: of.text }];
  return (
    <p className={`sentence tone-${tone}${large ? " sentence-large" : ""}`}>
      {icons[tone]}{" "}
      <span>
        {parts.map((part, i) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never change places
          part.strong ? <strong key={i}>{part.text}</strong> : <span key={i}>{part.text}</span>,
        )}
      </span>
    </p>
  );
}
