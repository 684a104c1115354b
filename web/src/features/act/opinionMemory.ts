import { useMemo } from "react";

/** Keeps a half-written opinion over a conflict, a reload and a lost line, in this tab only. */
export function useOpinionMemory(name: string) {
  return useMemo(() => {
    const key = `opinion:${name}`;
    return {
      text: sessionStorage.getItem(key) ?? "",
      keep: (text: string) => {
        if (text) {
          sessionStorage.setItem(key, text);
        } else {
          sessionStorage.removeItem(key);
        }
      },
      forget: () => sessionStorage.removeItem(key),
    };
  }, [name]);
}
