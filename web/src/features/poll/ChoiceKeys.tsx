import { type Ref, useImperativeHandle, useRef } from "react";
import type { Choice } from "../../api/types";
import { choiceWords } from "../../lib/votes";

const order: Choice[] = ["yes", "no", "abstain"];

interface Props {
  name: string;
  value: Choice | undefined;
  onChange: (choice: Choice) => void;
  ref?: Ref<{ focus: () => void }>;
}

/** The three choices of a ballot; 1, 2 and 3 take them, so that the hand stays on the digits. */
export function ChoiceKeys({ name, value, onChange, ref }: Props) {
  const first = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLFieldSetElement>(null);
  useImperativeHandle(ref, () => ({
    focus: () => (box.current?.querySelector<HTMLInputElement>("input:checked") ?? first.current)?.focus(),
  }));
  return (
    <fieldset
      ref={box}
      className="choice-keys"
      onKeyDown={(e) => {
        const choice = order[Number(e.key) - 1];
        if (choice) {
          e.preventDefault();
          onChange(choice);
        }
      }}
    >
      <legend>选择（键 1、2、3）</legend>
      {order.map((c, i) => (
        <label key={c} className={value === c ? "choice-key choice-key-on" : "choice-key"}>
          <input
            ref={i === 0 ? first : undefined}
            type="radio"
            name={name}
            value={c}
            checked={value === c}
            onChange={() => onChange(c)}
          />
          <kbd aria-hidden>{i + 1}</kbd> {choiceWords[c]}
        </label>
      ))}
    </fieldset>
  );
}
