import { expect, test } from "vitest";
import { waysToSend } from "@/features/first-run/snippets";

const ways = waysToSend("phc_key", "https://events.test");

test("every way has the project's key and this host, and none leads elsewhere", () => {
  for (const way of ways) {
    const code = way.steps.map((step) => step.code).join("\n");
    expect(code, way.id).toContain("phc_key");
    expect(code, way.id).toContain("https://events.test");
    expect(code, way.id).not.toMatch(/posthog\.com/);
  }
});

test("all frameworks are there, each once", () => {
  const ids = ways.map((way) => way.id);
  expect(new Set(ids).size).toBe(ids.length);
  const wanted = "web next react node python go php ruby java rust elixir android ios flutter react-native curl";
  expect(ids).toEqual(expect.arrayContaining(wanted.split(" ")));
});
