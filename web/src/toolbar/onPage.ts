/** Which actions of the project are about elements of this page. */
import type { ActionStep, Matching } from "@/api/actions";
import { linkOf, textOf } from "@/toolbar/captured";

export interface KnownAction {
  id: number;
  name: string;
  steps: ActionStep[];
}

function matches(wanted: string, text: string, matching: Matching, caseCounts = false): boolean {
  if (matching === "exact") return text === wanted;
  if (matching === "contains") {
    return caseCounts ? text.includes(wanted) : text.toLowerCase().includes(wanted.toLowerCase());
  }
  try {
    return new RegExp(wanted).test(text);
  } catch {
    return false;
  }
}

function candidates(step: ActionStep): Element[] {
  if (!step.selector && !step.tag_name && !step.text && !step.href) return [];
  try {
    return [...document.querySelectorAll(step.selector || step.tag_name || "a, button, label, input, select, summary")];
  } catch {
    return []; // the server knows selectors that CSS does not
  }
}

/** The elements of this page that a step means; none for a step about another page or about no element. */
export function elementsOf(step: ActionStep, address: string = window.location.href): Element[] {
  if (step.event !== "$autocapture") return [];
  if (step.url && !matches(step.url, address, step.url_matching ?? "contains", true)) return [];
  return candidates(step).filter(
    (element) =>
      (!step.tag_name || element.tagName.toLowerCase() === step.tag_name.toLowerCase()) &&
      (!step.text || matches(step.text, textOf(element), step.text_matching ?? "exact")) &&
      (!step.href || matches(step.href, linkOf(element), step.href_matching ?? "exact")),
  );
}

export interface ActionOnPage {
  action: KnownAction;
  elements: Element[];
}

export function actionsOnPage(actions: readonly KnownAction[]): ActionOnPage[] {
  return actions
    .map((action) => ({ action, elements: [...new Set(action.steps.flatMap((step) => elementsOf(step)))] }))
    .filter(({ elements }) => elements.length > 0);
}
