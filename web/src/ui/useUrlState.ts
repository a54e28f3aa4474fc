import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

/** What the address bar says at this moment: several values may change before anything is drawn again. */
const now = () => new URLSearchParams(window.location.search);

/**
 * A value that lives in the address bar as JSON, so that a link is the page. Each change is a step of the browser's
 * history, which makes "back" an undo; `replace` is for changes that are no step of their own, such as typing.
 */
export function useUrlState<T>(name: string, initial: T): [T, (next: T, options?: { replace?: boolean }) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.get(name);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the initial value counts only when the address has none
  const value = useMemo<T>(() => {
    if (text === null) return initial;
    try {
      return JSON.parse(text) as T;
    } catch {
      return initial;
    }
  }, [text]);
  const change = useCallback(
    (next: T, options?: { replace?: boolean }) => {
      setParams(
        () => {
          const changed = now();
          changed.set(name, JSON.stringify(next));
          return changed;
        },
        { replace: options?.replace ?? false },
      );
    },
    [name, setParams],
  );
  return [value, change];
}

/** A plain text in the address bar; an empty one is left out. */
export function useUrlText(name: string): [string, (next: string) => void] {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (next: string) => {
      setParams(
        () => {
          const changed = now();
          if (next === "") changed.delete(name);
          else changed.set(name, next);
          return changed;
        },
        { replace: true },
      );
    },
    [name, setParams],
  );
  return [params.get(name) ?? "", change];
}

/** How many rows of a list come before its page; a page is a step of the history. Beginning anew is none. */
export function useUrlOffset(): [number, (next: number) => void] {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (next: number) => {
      setParams(
        () => {
          const changed = now();
          if (next > 0) changed.set("offset", String(next));
          else changed.delete("offset");
          return changed;
        },
        { replace: next <= 0 },
      );
    },
    [setParams],
  );
  return [Math.max(0, Math.trunc(Number(params.get("offset"))) || 0), change];
}
