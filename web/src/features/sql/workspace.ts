/** The tabs of the SQL page and what was run before, kept by the browser for each project. */
import { useCallback, useEffect, useState } from "react";

export interface SqlTab {
  id: string;
  title: string;
  text: string;
  /** The saved insight that the tab shows. */
  insight?: string;
}

export interface PastRun {
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  rows: number;
  seconds: number;
}

const MOST_TABS = 12;
const MOST_RUNS = 60;
const LONGEST_TEXT = 20_000; // characters that are remembered; browsers keep some 5 MB for a site

/** Something in the browser's storage; a browser that keeps nothing starts anew each time. */
function kept<T>(key: string, fallback: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as T | null) ?? fallback;
  } catch {
    return fallback;
  }
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The storage is full or forbidden: what is on screen stays, it is just not remembered.
  }
}

export const newTab = (text: string, title = "Query", insight?: string): SqlTab => ({
  id: crypto.randomUUID(),
  title,
  text,
  insight,
});

/** The run put first, without an earlier one of the same text. */
export function remembered(runs: PastRun[], run: PastRun): PastRun[] {
  if (run.text.length > LONGEST_TEXT) return runs;
  return [run, ...runs.filter((old) => old.text !== run.text)].slice(0, MOST_RUNS);
}

/** What remains when a tab is closed, and which one is looked at then: the one to its left. */
export function without(tabs: SqlTab[], id: string, active: string): { tabs: SqlTab[]; active: string } {
  const at = tabs.findIndex((tab) => tab.id === id);
  const left = tabs.filter((tab) => tab.id !== id);
  return { tabs: left, active: active === id ? (left[Math.max(0, at - 1)]?.id ?? "") : active };
}

export function useWorkspace(projectId: number, first: string, linked: string) {
  const place = `leanbase.sql.${projectId}`;
  const [state, setState] = useState(() => {
    const old = kept<{ tabs: SqlTab[]; active: string }>(`${place}.tabs`, { tabs: [], active: "" });
    const known = linked ? old.tabs.find((tab) => tab.text === linked) : old.tabs.find((tab) => tab.id === old.active);
    if (known) return { ...old, active: known.id };
    const made = newTab(linked || first);
    return { tabs: [...old.tabs, made].slice(-MOST_TABS), active: made.id };
  });
  const [runs, setRuns] = useState(() => kept<PastRun[]>(`${place}.runs`, []));
  useEffect(() => keep(`${place}.tabs`, state), [place, state]);
  useEffect(() => keep(`${place}.runs`, runs), [place, runs]);

  const open = useCallback(
    (tab: SqlTab) => setState((old) => ({ tabs: [...old.tabs, tab].slice(-MOST_TABS), active: tab.id })),
    [],
  );
  const close = useCallback((id: string) => {
    setState((old) => {
      const next = without(old.tabs, id, old.active);
      if (next.tabs.length > 0) return next;
      const made = newTab("");
      return { tabs: [made], active: made.id };
    });
  }, []);
  const change = useCallback(
    (id: string, changes: Partial<SqlTab>) =>
      setState((old) => ({ ...old, tabs: old.tabs.map((tab) => (tab.id === id ? { ...tab, ...changes } : tab)) })),
    [],
  );
  const look = useCallback((active: string) => setState((old) => ({ ...old, active })), []);
  const remember = useCallback((run: PastRun) => setRuns((old) => remembered(old, run)), []);
  return { ...state, runs, open, close, change, look, remember };
}
