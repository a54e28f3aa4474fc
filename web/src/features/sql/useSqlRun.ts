import { useEffect, useRef, useState } from "react";
import { ask, type QueryAnswer } from "@/api/query";
import { useProject } from "@/api/session";
import type { Position } from "@/features/sql/SqlEditor";
import type { PastRun } from "@/features/sql/workspace";
import { messageOf } from "@/ui/states/States";

export interface SqlRun {
  answer: QueryAnswer<unknown[][]> | null;
  problem: unknown;
  running: boolean;
  cancelled: boolean;
  /** Seconds from asking to having the answer. */
  seconds: number | null;
  start: (text: string, values?: Record<string, string>) => void;
  cancel: () => void;
}

/** Runs SQL when asked to. A new run takes the place of the one before; leaving the page cancels. */
export function useSqlRun(onDone: (run: PastRun) => void): SqlRun {
  const { id } = useProject();
  const stop = useRef<AbortController | null>(null);
  const [state, setState] = useState({
    answer: null as QueryAnswer<unknown[][]> | null,
    problem: null as unknown,
    running: false,
    cancelled: false,
    seconds: null as number | null,
  });
  useEffect(() => () => stop.current?.abort(), []);

  const start = async (text: string, values: Record<string, string>) => {
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    const began = performance.now();
    setState((old) => ({ ...old, running: true, problem: null, cancelled: false }));
    try {
      const answer = await ask<unknown[][]>(
        id,
        { kind: "HogQLQuery", query: text, values },
        mine.signal,
        "force_blocking",
      );
      const seconds = (performance.now() - began) / 1000;
      if (stop.current !== mine) return;
      setState({ answer, problem: null, running: false, cancelled: false, seconds });
      onDone({ text, at: Date.now(), rows: answer.results.length, seconds });
    } catch (problem) {
      if (stop.current !== mine) return;
      const cancelled = mine.signal.aborted;
      setState((old) => ({ ...old, running: false, cancelled, problem: cancelled ? null : problem }));
    }
  };
  return { ...state, start: (text, values = {}) => void start(text, values), cancel: () => stop.current?.abort() };
}

/** Where an error is, when its message says so: "line 2, column 7" or "Line 2, Col: 7". */
export function positionOf(problem: unknown): Position | null {
  if (!problem) return null;
  const found = /line:?\s*(\d+)\D{1,12}(?:col|column|position)\w*:?\s*(\d+)/i.exec(messageOf(problem));
  return found ? { line: Number(found[1]), column: Number(found[2]) } : null;
}

/** The names that a text wants values for: `{plan}`. What stands in quotes or comments, and what is filled elsewhere
 * (`{filters}`, `{variables.x}`), is none. */
export function placeholdersOf(text: string): string[] {
  const bare = text.replace(/'(?:[^'\\]|\\.|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, "");
  const found = [...bare.matchAll(/\{\s*([A-Za-z_]\w*)\s*\}/g)].map((match) => match[1] ?? "");
  return [...new Set(found)].filter((name) => name !== "filters");
}
