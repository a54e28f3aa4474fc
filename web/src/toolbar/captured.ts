/** What autocapture will send of an element: an action can match nothing else. */

const CLICKABLE =
  'a, button, input, select, textarea, label, summary, [role="button"], [role="link"], [role="menuitem"], ' +
  '[role="option"], [role="tab"], [role="checkbox"], [role="switch"]';
const MAX_TEXT = 255; // characters, as posthog-js cuts them

/** The control that a click on `target` is meant for: a button, not the icon inside it. */
export function controlAt(target: Element): Element {
  return target.closest(CLICKABLE) ?? target;
}

/** Whether the page told posthog-js to leave this element out. */
export function isLeftOut(element: Element): boolean {
  if (element.closest(".ph-no-capture, .ph-sensitive")) return true;
  return element instanceof HTMLInputElement && ["password", "hidden"].includes(element.type);
}

function tidy(text: string): string {
  return text.trim().replace(/\s+/g, " ").slice(0, MAX_TEXT);
}

function ownText(element: Element): string {
  const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  return tidy(texts.map((node) => (node.textContent ?? "").trim()).join(""));
}

function spanText(element: Element): string {
  const spans = [...element.children].filter((child) => child.tagName === "SPAN");
  return spans.flatMap((span) => [ownText(span), spanText(span)].filter(Boolean)).join(" ");
}

/**
 * The text by which an action finds the element. Links and buttons have their own text and that of spans inside,
 * other elements only their own; inputs have none, because their text is what people typed.
 */
export function textOf(element: Element): string {
  if (element.matches('input, select, textarea, [contenteditable="true"]') || isLeftOut(element)) return "";
  if (!element.matches("a, button")) return ownText(element);
  return tidy(`${ownText(element)} ${spanText(element)}`);
}

/** Where the element leads, as it is written in the page. */
export function linkOf(element: Element): string {
  return element.closest("a[href]")?.getAttribute("href") ?? "";
}

/** An element in short, for people: `button#buy`. */
export function inShort(element: Element): string {
  const name = element.getAttribute("data-attr") ?? element.id;
  return element.tagName.toLowerCase() + (name ? ` “${name}”` : "");
}
