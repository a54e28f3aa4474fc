import { beforeEach, expect, test } from "vitest";
import { suggestionsFor } from "@/toolbar/suggestions";

function pageWith(markup: string): Element {
  document.body.innerHTML = markup;
  const found = document.querySelector("[data-wanted]");
  if (!found) throw new Error("nothing is wanted");
  return found;
}

const selectors = (element: Element, names: string[] = []) =>
  suggestionsFor(element, names).map(({ selector }) => selector);

beforeEach(() => {
  document.body.innerHTML = "";
});

test("an id that somebody gave comes first, one that a library made up is left out", () => {
  expect(selectors(pageWith('<button data-wanted id="buy" data-attr="b">'))[0]).toBe("#buy");
  for (const id of [":r1:", "radix-42", "headlessui-menu-1", "row-10293", "a1b2c3d4", "mantine-x"]) {
    const element = pageWith(`<button data-wanted data-attr="b">`);
    element.id = id;
    expect(selectors(element)[0]).toBe('[data-attr="b"]');
  }
});

test("attributes for tests, then the name, then classes, then the place", () => {
  const page =
    '<form id="order"><p></p><input data-wanted data-testid="mail" name="email" class="wide css-1a2b3c"></form>';
  expect(selectors(pageWith(page))).toEqual([
    '[data-testid="mail"]',
    'input[name="email"]',
    "input.wide",
    "#order > input:nth-child(2)",
  ]);
});

test("a project's own attributes are known", () => {
  expect(selectors(pageWith('<button data-wanted data-track="x">'), ["data-track"])[0]).toBe('[data-track="x"]');
});

test("values that would break a selector are not offered", () => {
  const element = pageWith('<button data-wanted data-wanted2 class="md:w-1/2 ok">');
  element.setAttribute("data-attr", 'a"]b');
  element.setAttribute("name", "a[0]");
  expect(selectors(element)).toEqual(["button.ok", "button:nth-child(1)"]);
});

test("every suggestion finds the element, and says how many others", () => {
  const element = pageWith('<div><button class="go">1</button><button class="go" data-wanted>2</button></div>');
  const made = suggestionsFor(element);
  for (const { selector, found } of made) {
    expect([...document.querySelectorAll(selector)]).toContain(element);
    expect(document.querySelectorAll(selector)).toHaveLength(found);
  }
  expect(made.map(({ found }) => found)).toEqual([2, 1]);
});
