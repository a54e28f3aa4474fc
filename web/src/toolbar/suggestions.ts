/**
 * Selectors for an element, the one that will hold longest first. Only forms that the server knows as well: it matches
 * them against the chain of elements of an event (tag, .class, #id, [attribute="value"], :nth-child, a space and >).
 */

export interface Suggestion {
  selector: string;
  /** What it hangs on, in words. */
  by: string;
  /** Meant to be found by: not a matter of looks or place. */
  stable: boolean;
  /** How many elements of this page it finds. */
  found: number;
}

const TEST_ATTRIBUTES = ["data-attr", "data-testid", "data-test-id", "data-test", "data-cy", "data-qa", "data-id"];
const MAX_DEPTH = 6; // steps of a path by place
const MAX_VALUE = 100;
const PLAIN = /^[A-Za-z][\w-]*$/;
// React's and component libraries' ids, hashes of style sheets, numbers of rows: they change with the next build.
const MADE_UP =
  /\d{3,}|^:|:$|^(radix|react|headlessui|mantine|mui|ember)-|[0-9a-f]{8}|^(css|sc|jsx|svelte)-|__\w{5,}$/i;

const isQuotable = (value: string) => value !== "" && value.length <= MAX_VALUE && !/["\\[\]\n]/.test(value);

function count(selector: string): number {
  try {
    return document.querySelectorAll(selector).length;
  } catch {
    return 0;
  }
}

/** The handle of one element that is meant to be found by, without what is around it. */
function handleOf(element: Element, dataAttributes: readonly string[]): Omit<Suggestion, "found"> | null {
  if (PLAIN.test(element.id) && !MADE_UP.test(element.id)) {
    return { selector: `#${element.id}`, by: "id", stable: true };
  }
  for (const name of new Set([...dataAttributes.filter((one) => PLAIN.test(one)), ...TEST_ATTRIBUTES])) {
    const value = element.getAttribute(name) ?? "";
    if (isQuotable(value)) return { selector: `[${name}="${value}"]`, by: name, stable: true };
  }
  return null;
}

function byName(element: Element): Omit<Suggestion, "found"> | null {
  const name = element.getAttribute("name") ?? "";
  if (!isQuotable(name)) return null;
  return { selector: `${element.tagName.toLowerCase()}[name="${name}"]`, by: "name", stable: true };
}

function byClasses(element: Element): Omit<Suggestion, "found"> | null {
  const names = [...element.classList].filter((name) => PLAIN.test(name) && !MADE_UP.test(name)).slice(0, 3);
  if (names.length === 0) return null;
  return { selector: `${element.tagName.toLowerCase()}.${names.join(".")}`, by: "classes", stable: false };
}

/** Down from the nearest element that has a handle, else from a few levels above. */
function byPlace(element: Element, dataAttributes: readonly string[]): Omit<Suggestion, "found"> {
  const steps: string[] = [];
  let at: Element | null = element;
  while (at && at !== document.body && at !== document.documentElement && steps.length < MAX_DEPTH) {
    const handle = at === element ? null : handleOf(at, dataAttributes);
    if (handle) {
      steps.unshift(handle.selector);
      break;
    }
    const place = at.parentElement ? [...at.parentElement.children].indexOf(at) + 1 : 1;
    steps.unshift(`${at.tagName.toLowerCase()}:nth-child(${place})`);
    at = at.parentElement;
  }
  return { selector: steps.join(" > "), by: "place", stable: false };
}

/** At least one selector; each finds the element on this page. */
export function suggestionsFor(element: Element, dataAttributes: readonly string[] = []): Suggestion[] {
  const candidates = [
    handleOf(element, dataAttributes),
    byName(element),
    byClasses(element),
    byPlace(element, dataAttributes),
  ];
  return candidates
    .filter((one) => one !== null)
    .map((one) => ({ ...one, found: count(one.selector) }))
    .filter((one, at, all) => all.findIndex((other) => other.selector === one.selector) === at)
    .filter((one) => one.found > 0 || one.by === "place");
}
