/** Dates of filters, as the API takes them: a day, a day with a time, or a span back from now such as `-7d`. */

export const UNITS = [
  { value: "h", label: "hours ago" },
  { value: "d", label: "days ago" },
  { value: "w", label: "weeks ago" },
  { value: "m", label: "months ago" },
  { value: "y", label: "years ago" },
];

export type DateForm = "day" | "time" | "other" | "h" | "d" | "w" | "m" | "y";

const SPAN = /^-?(\d{1,5})([hdwmy])$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:00(\.0+)?)?$/;

/** What is entered for a date: its form and the text of its field. What no field can show stays as it is. */
export function readDate(text: string): { form: DateForm; text: string } {
  const span = SPAN.exec(text);
  if (span?.[1] && span[2]) return { form: span[2] as DateForm, text: span[1] };
  if (text === "" || DAY.test(text)) return { form: "day", text };
  const time = TIME.exec(text);
  return time ? { form: "time", text: `${time[1]}T${time[2]}` } : { form: "other", text };
}

/** The date that a form and its field stand for; empty while there is none. */
export function writeDate(form: DateForm, text: string): string {
  if (form === "day" || form === "time" || form === "other") return text;
  return /^\d{1,5}$/.test(text) ? `-${text}${form}` : "";
}

export function dateInWords(text: string): string {
  const { form, text: amount } = readDate(text);
  const unit = UNITS.find(({ value }) => value === form)?.label;
  return unit ? `${amount} ${amount === "1" ? unit.replace("s ago", " ago") : unit}` : text.replace("T", " ");
}
