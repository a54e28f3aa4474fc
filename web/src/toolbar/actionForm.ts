/** The form that makes an action of a picked element: what must match, and a name. */
import type { ActionStep } from "@/api/actions";
import { inShort, isLeftOut, linkOf, textOf } from "@/toolbar/captured";
import { make } from "@/toolbar/dom";
import { elementsOf } from "@/toolbar/onPage";
import { type Suggestion, suggestionsFor } from "@/toolbar/suggestions";

interface Conditions {
  suggestions: Suggestion[];
  text: string;
  link: string;
  path: string;
}

/** Which conditions are ticked at first: the fewest that tell the element from others and will hold for long. */
export function ticked({ suggestions, text, link }: Conditions): { selector: boolean; text: boolean; link: boolean } {
  if (suggestions[0]?.stable) return { selector: true, text: false, link: false };
  if (text) return { selector: false, text: true, link: false };
  return { selector: link === "", text: false, link: link !== "" };
}

const howMany = (count: number) => (count === 1 ? "1 element on this page" : `${count} elements on this page`);

/** A form for `element`; `onMake` is given the name and the step, and answers when it is done. */
export function actionForm(
  element: Element,
  dataAttributes: readonly string[],
  onMake: (name: string, step: ActionStep) => Promise<void>,
): HTMLFormElement {
  const conditions: Conditions = {
    suggestions: suggestionsFor(element, dataAttributes),
    text: textOf(element),
    link: linkOf(element),
    path: window.location.pathname,
  };
  const first = ticked(conditions);
  const boxes = {
    selector: make("input", { type: "checkbox", checked: first.selector, change: show }),
    text: make("input", { type: "checkbox", checked: first.text, change: show }),
    link: make("input", { type: "checkbox", checked: first.link, change: show }),
    path: make("input", { type: "checkbox", change: show }),
  };
  const selectors = make(
    "select",
    {
      "aria-label": "Which selector",
      change: () => {
        boxes.selector.checked = true;
        show();
      },
    },
    ...conditions.suggestions.map(({ selector, by, found }) =>
      make("option", { value: selector }, `${selector} (by ${by}, ${found} here)`),
    ),
  );
  const name = make("input", {
    "aria-label": "Name",
    maxlength: "400",
    required: true,
    value: conditions.text ? `Clicked ${conditions.text}`.slice(0, 400) : "",
  });
  const matched = make("p", { role: "status" });
  const problem = make("p", { role: "alert", hidden: true });
  const button = make("button", { type: "submit", class: "main" }, "Make action");

  function step(): ActionStep {
    const made: ActionStep = { event: "$autocapture" };
    if (boxes.selector.checked) made.selector = selectors.value;
    if (boxes.text.checked) Object.assign(made, { text: conditions.text, text_matching: "exact" });
    if (boxes.link.checked) Object.assign(made, { href: conditions.link, href_matching: "exact" });
    if (boxes.path.checked) Object.assign(made, { url: conditions.path, url_matching: "contains" });
    return made;
  }

  function show(): void {
    const chosen = step();
    const any = Boolean(chosen.selector || chosen.text || chosen.href);
    button.disabled = !any;
    matched.textContent = any ? `Matches ${howMany(elementsOf(chosen).length)}.` : "Choose what must match.";
  }

  const condition = (box: HTMLInputElement, title: string, shown: Node) =>
    make("div", { class: "condition" }, make("label", {}, box, title), shown);
  const code = (text: string) => make("code", {}, text);
  const form = make(
    "form",
    {
      class: "panel",
      "aria-label": "New action",
      submit: async (event) => {
        event.preventDefault();
        button.disabled = true;
        problem.hidden = true;
        try {
          await onMake(name.value.trim(), step());
        } catch (failed) {
          problem.textContent = failed instanceof Error ? failed.message : "The action was not made.";
          problem.hidden = false;
          button.disabled = false;
        }
      },
    },
    make("h2", {}, "New action"),
    make("p", {}, `A click on ${inShort(element)}`),
    ...(isLeftOut(element)
      ? [make("p", { role: "alert" }, "This page tells posthog-js to leave this element out: no event will match.")]
      : []),
    make(
      "fieldset",
      {},
      make("legend", {}, "All that is ticked must match"),
      condition(boxes.selector, "Selector", selectors),
      ...(conditions.text ? [condition(boxes.text, "Text", code(conditions.text))] : []),
      ...(conditions.link ? [condition(boxes.link, "Link", code(conditions.link))] : []),
      condition(boxes.path, "On this page only", code(conditions.path)),
    ),
    matched,
    make("label", { class: "name" }, "Name", name),
    problem,
    make("div", { class: "row" }, button),
  );
  show();
  return form;
}
