import { useEffect, useRef, useState } from "react";
import { Problem, Screen } from "./Screen";

interface Props {
  code: string;
  busy: boolean;
  problem?: string;
  onOpen: (code: string) => void;
}

/** Screen 1: the personal code from the letter. */
export function CodeScreen({ code, busy, problem, onOpen }: Props) {
  const [text, setText] = useState(code);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setText(code), [code]);
  // What is wrong is mended in the field; a screen reader reads it there again.
  useEffect(() => {
    if (problem) {
      field.current?.focus();
    }
  }, [problem]);
  return (
    <Screen step={1} title="输入投票口令">
      <p id="code-hint">投票口令印在给您的信上，共 16 位，四位一组。扫描信上的二维码就不用输入。</p>
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          onOpen(text);
        }}
      >
        <label className="r-label" htmlFor="code">
          投票口令
        </label>
        <input
          id="code"
          ref={field}
          className="r-input"
          value={text}
          onChange={(e) => setText(e.target.value)}
          aria-describedby={problem ? "code-problem code-hint" : "code-hint"}
          aria-invalid={problem ? true : undefined}
          autoComplete="off"
          autoCapitalize="characters"
          autoCorrect="off"
          spellCheck={false}
          maxLength={40}
        />
        {problem && <Problem id="code-problem">{problem}</Problem>}
        <button type="submit" className="r-button r-main-button" disabled={busy}>
          {busy ? "正在打开…" : "下一步"}
        </button>
      </form>
      <p className="r-quiet">没有收到信，或者投票口令不能用，请联系本社区或者业主委员会，也可以改用纸质表决票。</p>
    </Screen>
  );
}
