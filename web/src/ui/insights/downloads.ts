/** Answers as files. */
import type { QueryAnswer } from "@/api/query";
import { readPalette } from "@/ui/charts/palette";
import { download, toCsv } from "@/ui/csv";
import type { DrawnQuery } from "@/ui/insights/InsightAnswer";
import { numbersOf } from "@/ui/insights/numbers";
import { pictureOf } from "@/ui/insights/picture";

/** A name that every file system takes. */
const fileName = (name: string) =>
  name
    .replace(/[^\p{L}\p{N} ._-]+/gu, " ")
    .trim()
    .slice(0, 80) || "insight";

/** The numbers of an answer. */
export function downloadCsv(name: string, query: DrawnQuery, answer: QueryAnswer<unknown>): void {
  const { columns, rows } =
    query.kind === "HogQLQuery"
      ? { columns: answer.columns ?? [], rows: (answer.results ?? []) as unknown[][] }
      : numbersOf(query, answer.results);
  download(`${fileName(name)}.csv`, toCsv(columns, rows));
}

/** What is on the page, in the colours of the theme. */
export async function downloadPng(name: string, element: HTMLElement | null): Promise<void> {
  const picture = element ? await pictureOf(element, readPalette().surface) : null;
  if (picture) download(`${fileName(name)}.png`, picture);
}
