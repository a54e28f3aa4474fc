/** Colours of charts, read from the page so that both themes have one source (`app/tokens.css`). */

export interface Palette {
  series: string[];
  ink: string;
  quiet: string;
  line: string;
  surface: string;
  good: string;
  bad: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((at) => token(`--c${at}`)),
    ink: token("--ink"),
    quiet: token("--ink-3"),
    line: token("--line"),
    surface: token("--surface"),
    good: token("--good"),
    bad: token("--bad"),
  };
}

/** The colour of series `at`; after eight the palette begins again, and lines become dashed. */
export const seriesColor = (palette: Palette, at: number): string =>
  palette.series[at % palette.series.length] ?? palette.ink;
export const seriesToken = (at: number): string => `var(--c${(at % 8) + 1})`;

/** One colour on the way to another, of hex forms; mixed by hand, because a canvas knows no `color-mix`. */
export function blend(from: string, to: string, share: number): string {
  const parts = (hex: string) => {
    // A minified style sheet says #fff.
    const long = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, "$&$&") : hex;
    return [1, 3, 5].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
  };
  const [a, b] = [parts(from), parts(to)];
  return `rgb(${a.map((part, at) => Math.round(part + ((b[at] ?? part) - part) * share)).join(", ")})`;
}
