/** Numbers, times and sizes in the viewer's locale. */

const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

export const formatCount = (value: number): string =>
  Number.isInteger(value) ? whole.format(value) : fine.format(value);
export const formatShort = (value: number): string =>
  Math.abs(value) < 10_000 ? formatCount(value) : short.format(value);
export const formatPercent = (share: number, digits = 1): string =>
  new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: digits }).format(share);

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 }).format(value)} ${units[unit]}`;
}

/** Seconds as people say them: "0.4 s", "3 min", "2 h 5 min", "4 d 3 h". */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${fine.format(seconds)} s`;
  if (seconds < 60) return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(seconds)} s`;
  const parts: [number, string][] = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const first = parts.findIndex(([size]) => seconds >= size);
  let rest = Math.round(seconds);
  const words: string[] = [];
  for (const [size, unit] of parts.slice(first, first + 2)) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) words.push(`${amount} ${unit}`);
  }
  return words.join(" ");
}

/** A time that the API gave. ClickHouse's form without an offset is UTC. */
export function parseTime(text: string): Date {
  const iso = text.includes("T") ? text : text.replace(" ", "T");
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
}

export function formatTime(text: string, timezone: string): string {
  const time = parseTime(text);
  if (Number.isNaN(time.getTime())) return text;
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", timeZone: timezone }).format(
    time,
  );
}

export function formatClock(text: string, timezone: string): string {
  const time = parseTime(text);
  if (Number.isNaN(time.getTime())) return text;
  return new Intl.DateTimeFormat(undefined, { timeStyle: "medium", timeZone: timezone }).format(time);
}

export function formatDay(text: string, timezone: string): string {
  const time = parseTime(text);
  if (Number.isNaN(time.getTime())) return text;
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: timezone }).format(time);
}

/** A day and its hour and minute. */
export function formatHour(text: string, timezone: string): string {
  const time = parseTime(text);
  if (Number.isNaN(time.getTime())) return text;
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", timeZone: timezone }).format(
    time,
  );
}

/** "3 minutes ago"; the present is `now`. */
export function formatAgo(text: string, now: Date = new Date()): string {
  const seconds = (parseTime(text).getTime() - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return text;
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const steps: [number, Intl.RelativeTimeFormatUnit][] = [
    [31_536_000, "year"],
    [2_592_000, "month"],
    [604_800, "week"],
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
  ];
  for (const [size, unit] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds), "second");
}

/** Any value of a property as one line of text. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : fine.format(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  return JSON.stringify(value);
}
