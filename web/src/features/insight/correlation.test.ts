import { expect, test } from "vitest";
import type { FunnelsQuery } from "@/api/insights";
import { behindCorrelation, type CorrelationRow, likelihood, nameOf } from "@/features/insight/correlation";

const funnel: FunnelsQuery = { kind: "FunnelsQuery", series: [] };
const row = (event: string, odds_ratio: number): CorrelationRow => ({
  event: { event },
  success_count: 3,
  failure_count: 1,
  odds_ratio,
  correlation_type: odds_ratio > 1 ? "success" : "failure",
});

test("odds are said as times", () => {
  expect(likelihood(row("a", 2.54))).toBe("2.5× as likely");
  expect(likelihood(row("a", 0.25))).toBe("4.0× less likely");
  expect(likelihood(row("a", 620.8))).toBe("621× as likely");
});

test("a property is asked for by its name and value, also when the value has the divider", () => {
  expect(nameOf(row("plan::pro", 2), "properties")).toBe("plan = pro");
  expect(behindCorrelation(funnel, "properties", row("plan::a::b", 2), false).parts[0]?.source).toMatchObject({
    funnelCorrelationPersonConverted: "false",
    funnelCorrelationPropertyValues: [{ key: "plan", value: ["a::b"] }],
  });
  expect(behindCorrelation(funnel, "events", row("clicked", 2), true).parts[0]?.source).toMatchObject({
    funnelCorrelationPersonEntity: { kind: "EventsNode", event: "clicked" },
  });
});
