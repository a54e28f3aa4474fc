/** Values of properties as they are typed into a field, and back. */

export const KINDS = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "True or false" },
  { value: "json", label: "JSON" },
] as const;

export type Kind = (typeof KINDS)[number]["value"];

export function kindOf(value: unknown): Kind {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "string" ? "text" : "json";
}

export const typed = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The value that a text of this kind stands for; undefined when it stands for none. */
export function valueFrom(kind: Kind, text: string): unknown {
  if (kind === "text") return text;
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  if (kind === "number") return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
