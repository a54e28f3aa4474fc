import { expect, test } from "vitest";
import type { InsightQuery, Series, TrendsQuery } from "@/api/insights";
import { asKind, KINDS, missing } from "@/features/insight/kinds";

const trend: TrendsQuery = {
  kind: "TrendsQuery",
  series: [
    { kind: "EventsNode", event: "bought", name: "bought", math: "sum", math_property: "amount" },
    { kind: "ActionsNode", id: 3, name: "Signed up" },
  ],
  dateRange: { date_from: "-30d" },
  properties: [{ key: "plan", type: "person", operator: "exact", value: ["pro"] }],
};

test.each([...KINDS.map((one) => one.kind), "CalendarHeatmapQuery" as const])(
  "%s keeps the range and the filters",
  (kind) => {
    const other = asKind(trend, kind);
    expect(other.kind).toBe(kind);
    // Who began lately cannot be back yet, so that one looks further back by itself.
    expect(other.dateRange).toEqual(kind === "ActivationMetricQuery" ? { date_from: "-90d" } : trend.dateRange);
    expect(other.properties).toEqual(trend.properties);
    expect(missing(other)).toBeNull();
  },
);

test("a funnel has at least two steps and no math", () => {
  const funnel = asKind({ ...trend, series: trend.series.slice(0, 1) }, "FunnelsQuery");
  expect("series" in funnel && funnel.series.map((series) => series.math)).toEqual([undefined, undefined]);
});

test("retention is about the first two events", () => {
  const retention = asKind(trend, "RetentionQuery");
  expect(retention.kind === "RetentionQuery" && retention.retentionFilter).toMatchObject({
    targetEntity: { id: "bought", type: "events" },
    returningEntity: { id: 3, type: "actions" },
  });
});

test("a sample stays one where it can be asked for", () => {
  const sampled = { ...trend, samplingFactor: 0.1 };
  expect(asKind(sampled, "FunnelsQuery")).toMatchObject({ samplingFactor: 0.1 });
  expect(asKind(asKind(sampled, "RetentionQuery"), "TrendsQuery")).toMatchObject({ samplingFactor: 0.1 });
  expect(asKind(sampled, "PathsQuery")).not.toHaveProperty("samplingFactor");
});

test("hours count one event, in ways that hours can", () => {
  const hours = asKind(trend, "CalendarHeatmapQuery");
  expect("series" in hours && hours.series).toEqual([{ kind: "EventsNode", event: "bought", name: "bought" }]);
  const people = { ...trend, series: [{ kind: "EventsNode" as const, event: "a", math: "dau" }] };
  expect(asKind(people, "CalendarHeatmapQuery")).toMatchObject({ series: [{ event: "a", math: "dau" }] });
});

test("what cannot be asked says what is missing", () => {
  const query: InsightQuery = { kind: "TrendsQuery", series: [{ kind: "EventsNode", event: "a", math: "sum" }] };
  expect(missing(query)).toMatch(/property/);
  expect(missing({ ...query, series: [] })).toMatch(/event/);
});

test("a step of several events is retention of the first, and keeps its filters", () => {
  const funnel: InsightQuery = {
    kind: "FunnelsQuery",
    series: [
      {
        kind: "GroupNode",
        operator: "OR",
        nodes: [{ kind: "EventsNode", event: "a", name: "a" }, trend.series[1] as Series],
        properties: [{ key: "plan", type: "event", operator: "is_set" }],
      },
      { kind: "EventsNode", event: null, name: "All events", optionalInFunnel: true },
    ],
    breakdownFilter: { breakdown: "$os", breakdown_type: "event" },
  };
  const retention = asKind(funnel, "RetentionQuery");
  expect(retention).toMatchObject({ breakdownFilter: { breakdown: "$os" } });
  expect(retention.kind === "RetentionQuery" && retention.retentionFilter).toMatchObject({
    targetEntity: { id: "a", type: "events", properties: [{ key: "plan" }] },
    returningEntity: { id: null, name: "All events", type: "events" },
  });
  const trends = asKind(funnel, "TrendsQuery");
  expect("series" in trends && trends.series[1]).toEqual({ kind: "EventsNode", event: null, name: "All events" });
});

test("numbers of those who came back need a property", () => {
  const retention = (more: object): InsightQuery => ({ kind: "RetentionQuery", retentionFilter: more });
  expect(missing(retention({ aggregationType: "sum" }))).toContain("property");
  expect(missing(retention({ aggregationType: "sum", aggregationProperty: "amount" }))).toBeNull();
});
