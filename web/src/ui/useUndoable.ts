import { useCallback, useEffect, useRef, useState } from "react";

type UrlState<T> = [T, (next: T, options?: { replace?: boolean }) => void];

/**
 * A state in the address bar with an undo, which is the browser's own step back: both lead to the same places. There
 * is something to undo only after a change was made here, so that it never leads off the page. Ctrl Z does it, too,
 * outside of fields, which have an undo of their own.
 */
export function useUndoable<T>([value, setValue]: UrlState<T>): [...UrlState<T>, (() => void) | null] {
  const [steps, setSteps] = useState(0);
  const change = useCallback(
    (next: T, options?: { replace?: boolean }) => {
      if (!options?.replace) setSteps((old) => old + 1);
      setValue(next, options);
    },
    [setValue],
  );
  useEffect(() => {
    const back = () => setSteps((old) => Math.max(0, old - 1));
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, []);
  const left = useRef(steps);
  left.current = steps;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const inField = (event.target as Element | null)?.closest?.("input, textarea, [contenteditable]");
      if (!inField && left.current > 0 && (event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey) {
        event.preventDefault();
        window.history.back();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return [value, change, steps > 0 ? () => window.history.back() : null];
}
