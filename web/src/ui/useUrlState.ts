import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

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
        (old) => {
          const changed = new URLSearchParams(old);
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
        (old) => {
          const changed = new URLSearchParams(old);
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
