import { useCallback, useEffect, useRef } from "react";

/**
 * Runs something at once, or as soon as the mouse or finger is lifted. What moves the page between press and release makes
 * the click miss its button, and leaving a field does just that when an error appears below it.
 */
export function useAfterPress() {
  const pressed = useRef(false);
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    const press = () => {
      pressed.current = true;
    };
    const release = () => {
      pressed.current = false;
      // The click itself comes after the release.
      window.setTimeout(() => {
        for (const run of waiting.current.splice(0)) {
          run();
        }
      });
    };
    window.addEventListener("pointerdown", press, true);
    window.addEventListener("pointerup", release, true);
    window.addEventListener("pointercancel", release, true);
    return () => {
      window.removeEventListener("pointerdown", press, true);
      window.removeEventListener("pointerup", release, true);
      window.removeEventListener("pointercancel", release, true);
    };
  }, []);
  return useCallback((run: () => void) => {
    if (pressed.current) {
      waiting.current.push(run);
    } else {
      run();
    }
  }, []);
}
