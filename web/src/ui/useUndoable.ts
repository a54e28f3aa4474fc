import { useCallback, useEffect, useRef, useState } from "react";

type UrlState<T> = [T, (next: T, options?: { replace?: boolean }) => void];

interface Steps {
  /** Steps that the browser's own "back" takes; null when there is none. */
  undo: (() => void) | null;
  redo: (() => void) | null;
}

/** What was seen here, as texts, and which of them is on the page. */
interface Trail {
  texts: string[];
  at: number;
}

/** The trail after the page shows `text`: a step back, a step forward, or something else in the place of this one. */
export function followed({ texts, at }: Trail, text: string): Trail {
  if (texts[at] === text) return { texts, at };
  if (texts[at - 1] === text) return { texts, at: at - 1 };
  if (texts[at + 1] === text) return { texts, at: at + 1 };
  return { texts: texts.map((old, i) => (i === at ? text : old)), at };
}

const inField = (target: EventTarget | null) =>
  (target as Element | null)?.closest?.("input, textarea, [contenteditable]") ?? null;

/**
 * A state in the address bar with undo and redo, which are the browser's own steps back and forward: both lead to the
 * same places. There is something to undo only after a change was made here, so that it never leads off the page.
 * Ctrl Z and Ctrl Shift Z (or Ctrl Y) do it, too, outside of fields, which have an undo of their own.
 */
export function useUndoable<T>([value, setValue]: UrlState<T>): [...UrlState<T>, Steps] {
  const text = JSON.stringify(value);
  const [trail, setTrail] = useState<Trail>({ texts: [text], at: 0 });
  useEffect(() => setTrail((old) => followed(old, text)), [text]);
  const change = useCallback(
    (next: T, options?: { replace?: boolean }) => {
      const made = JSON.stringify(next);
      setTrail(({ texts, at }) =>
        options?.replace
          ? { texts: texts.map((old, i) => (i === at ? made : old)), at }
          : { texts: [...texts.slice(0, at + 1), made], at: at + 1 },
      );
      setValue(next, options);
    },
    [setValue],
  );
  const can = useRef({ undo: false, redo: false });
  can.current = { undo: trail.at > 0, redo: trail.at < trail.texts.length - 1 };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || inField(event.target)) return;
      const key = event.key.toLowerCase();
      const redo = key === "y" || (key === "z" && event.shiftKey);
      if (key !== "z" && key !== "y") return;
      if (redo ? !can.current.redo : !can.current.undo) return;
      event.preventDefault();
      if (redo) window.history.forward();
      else window.history.back();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return [
    value,
    change,
    {
      undo: can.current.undo ? () => window.history.back() : null,
      redo: can.current.redo ? () => window.history.forward() : null,
    },
  ];
}
