import type { ActionStep } from "@/api/actions";

/** A step in words: `$autocapture with text “Buy”, URL contains /pricing`. */
export function stepInWords(step: ActionStep): string {
  const parts = [
    step.selector ? `selector ${step.selector}` : "",
    step.tag_name ? `tag ${step.tag_name}` : "",
    step.text ? `text ${step.text_matching ?? "exact"} “${step.text}”` : "",
    step.href ? `link ${step.href_matching ?? "exact"} ${step.href}` : "",
  ].filter(() => step.event === "$autocapture");
  parts.push(step.url ? `URL ${step.url_matching ?? "contains"} ${step.url}` : "");
  if (step.properties?.length) parts.push(`${step.properties.length} filters`);
  const conditions = parts.filter(Boolean).join(", ");
  const event = step.event || "every event";
  return conditions ? `${event} with ${conditions}` : event;
}
