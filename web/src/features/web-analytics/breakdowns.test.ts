import { expect, test } from "vitest";
import { filterOf, nameOf, PAGES, PLACES, SOURCES } from "@/features/web-analytics/breakdowns";

const form = (label: string) => {
  const found = [...PAGES, ...SOURCES, ...PLACES].find((one) => one.label === label);
  if (!found) throw new Error(label);
  return found;
};

test("values as people say them", () => {
  expect(nameOf("Country", "DE")).toBe("Germany");
  expect(nameOf("InitialReferringDomain", "$direct")).toBe("Direct");
  expect(nameOf("InitialUTMSource", null)).toBe("(none)");
  expect(nameOf("Page", "<b>/</b>")).toBe("<b>/</b>");
});

test("a row filters by what it shows", () => {
  expect(filterOf(form("Pages"), "/pricing")).toEqual({
    key: "$pathname",
    type: "event",
    operator: "exact",
    value: ["/pricing"],
  });
  expect(filterOf(form("Entry pages"), "/notes/<id>", true)).toEqual({
    key: "$entry_pathname",
    type: "session",
    operator: "is_cleaned_path_exact",
    value: "/notes/<id>",
  });
  expect(filterOf(form("Channels"), "Direct", true)?.operator).toBe("exact");
  expect(filterOf(form("Channels"), "Direct")?.type).toBe("session");
  expect(filterOf(form("UTM source"), null)).toBeNull();
  expect(filterOf(form("Links out"), "https://a.example")).toBeNull();
});
