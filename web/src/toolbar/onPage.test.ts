import { expect, test } from "vitest";
import { controlAt, isLeftOut, linkOf, textOf } from "@/toolbar/captured";
import { actionsOnPage, elementsOf } from "@/toolbar/onPage";

const PAGE = `
  <button id="buy" class="primary"><span>Buy</span> <span><b>x</b>now</span></button>
  <a href="/help"><svg><path /></svg>Help</a>
  <div id="text">Plain <i>text</i></div>
  <label>Name <input id="name" value="Ada"></label>
  <div class="ph-no-capture"><button id="secret">Secret</button></div>`;

const one = (selector: string) => document.querySelector(selector) as Element;

test("texts are those that posthog-js sends", () => {
  document.body.innerHTML = PAGE;
  expect(textOf(one("#buy"))).toBe("Buy now");
  expect(textOf(one("a"))).toBe("Help");
  expect(textOf(one("#text"))).toBe("Plain");
  expect(textOf(one("#name"))).toBe("");
  expect(textOf(one("#secret"))).toBe("");
  expect(isLeftOut(one("#secret"))).toBe(true);
});

test("a click inside a control means the control", () => {
  document.body.innerHTML = PAGE;
  expect(controlAt(one("path"))).toBe(one("a"));
  expect(controlAt(one("b"))).toBe(one("#buy"));
  expect(controlAt(one("#text"))).toBe(one("#text"));
  expect(linkOf(one("path"))).toBe("/help");
});

test("all conditions of a step must hold", () => {
  document.body.innerHTML = PAGE;
  const found = (step: object) =>
    elementsOf({ event: "$autocapture", ...step }, "https://shop.test/pricing?a=1").length;
  expect(found({ selector: "#buy" })).toBe(1);
  expect(found({ text: "buy", text_matching: "contains" })).toBe(1);
  expect(found({ text: "buy" })).toBe(0);
  expect(found({ selector: "#buy", text: "Help" })).toBe(0);
  expect(found({ tag_name: "a", href: "/help" })).toBe(1);
  expect(found({ selector: "#buy", url: "/pricing" })).toBe(1);
  expect(found({ selector: "#buy", url: "/other" })).toBe(0);
  expect(found({ text: "(", text_matching: "regex" })).toBe(0);
  expect(found({ selector: "((" })).toBe(0);
  expect(found({})).toBe(0);
});

test("actions of other events and other pages are not on the page", () => {
  document.body.innerHTML = PAGE;
  const actions = [
    { id: 1, name: "Buys", steps: [{ event: "$autocapture", selector: "#buy" }] },
    { id: 2, name: "Sees", steps: [{ event: "$pageview" }] },
    { id: 3, name: "Gone", steps: [{ event: "$autocapture", selector: "#gone" }] },
  ];
  expect(actionsOnPage(actions).map(({ action }) => action.id)).toEqual([1]);
});
