/** A change in words. */
import type { Change, FieldChange } from "@/api/changes";
import { formatValue } from "@/ui/format";

const LONGEST = 80; // letters of a value; what is longer is said to have changed

const FROM_MICROSECONDS = 1e14; // numbers beyond are times as the server keeps them; the year 1973

const timeOf = (micros: number) => new Date(micros / 1000).toLocaleString();

const short = (value: unknown): string | null => {
  if (value === null || value === undefined || value === "") return "nothing";
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ") || "nothing";
  if (typeof value === "object") return null;
  if (typeof value === "number" && value > FROM_MICROSECONDS) return timeOf(value);
  const text = typeof value === "boolean" ? (value ? "yes" : "no") : formatValue(value);
  return text.length > LONGEST ? null : text;
};

/** "name: Old → New"; of what is long or has parts only that it was changed. */
export function fieldInWords({ field, before, after }: FieldChange): string {
  const name = field.replaceAll("_", " ");
  const [was, is] = [short(before), short(after)];
  if (was === null || is === null)
    return `${name} ${was === "nothing" ? "set" : is === "nothing" ? "removed" : "changed"}`;
  return was === "nothing" ? `${name}: ${is}` : `${name}: ${was} → ${is}`;
}

export const whoChanged = ({ user }: Change): string => user?.first_name || user?.email || "The server";

/** What of a change is worth a line: not that a thing got the name under which it is listed, or was kept at all. */
export const worthTelling = ({ activity, detail }: Change): FieldChange[] =>
  (detail.changes ?? []).filter(({ field }) => field !== "saved" && !(activity === "created" && field === "name"));
