import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { expect, test, vi } from "vitest";
import type { ActivationMetricQuery, ActivationRow, FunnelsQuery, TrendsQuery } from "@/api/insights";
import type { QueryAnswer } from "@/api/query";
import { type Project, ProjectProvider } from "@/api/session";
import { AnswerTable } from "@/ui/insights/AnswerTable";
import { InsightAnswer } from "@/ui/insights/InsightAnswer";

const project = { id: 1, timezone: "UTC" } as Project;
const draw = (element: ReactElement) =>
  render(
    <MantineProvider>
      <ProjectProvider project={project}>{element}</ProjectProvider>
    </MantineProvider>,
  );
const answer = (results: unknown, rest: Partial<QueryAnswer<unknown>> = {}): QueryAnswer<unknown> => ({
  results,
  ...rest,
});

const line = (label: string, value: number, more: object = {}) => ({
  label,
  data: [],
  days: [],
  labels: [],
  count: value,
  aggregated_value: value,
  action: { order: 0, name: label },
  ...more,
});

const numbers: TrendsQuery = {
  kind: "TrendsQuery",
  series: [{ kind: "EventsNode", event: "a" }],
  trendsFilter: { display: "BoldNumber" },
};

test("a number opens its people and is compared with the period before", async () => {
  const onPeople = vi.fn();
  const lines = [line("a", 30, { compare_label: "current" }), line("a", 20, { compare_label: "previous" })];
  draw(<InsightAnswer query={numbers} answer={answer(lines)} height={100} onPeople={onPeople} />);
  expect(screen.getByText("+50% to the previous period")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "30" }));
  const source = { kind: "InsightActorsQuery", source: numbers, series: 0, compare: "current" };
  expect(onPeople).toHaveBeenCalledWith({ title: "a", parts: [{ label: "a", source }] });
});

test("a map of anything but countries is a table", () => {
  const query: TrendsQuery = {
    ...numbers,
    trendsFilter: { display: "WorldMap" },
    breakdownFilter: { breakdown: "plan", breakdown_type: "event" },
  };
  draw(<InsightAnswer query={query} answer={answer([line("a", 3, { breakdown_value: "pro" })])} height={100} />);
  expect(screen.getByRole("cell", { name: "pro" })).toBeTruthy();
  expect(screen.queryByRole("img")).toBeNull();
});

test("SQL is a table, or a number when it is one", () => {
  const query = { kind: "HogQLQuery", query: "SELECT 1" } as const;
  draw(<InsightAnswer query={query} answer={answer([["<b>", 1234]], { columns: ["name", "n"] })} height="fill" />);
  expect(screen.getByRole("cell", { name: "<b>" })).toBeTruthy();
  draw(<InsightAnswer query={query} answer={answer([[77]], { columns: ["people"] })} height="fill" />);
  expect(screen.getByText("77").tagName).toBe("STRONG");
});

const behaviour: ActivationRow = {
  event: "invited",
  count: 3,
  within_days: 7,
  persons: 40,
  coverage: 0.2,
  retention_with: 0.8,
  retention_without: 0.1,
  lift: 8,
  phi: 0.5,
  p_value_adjusted: 0.0001,
  significant: true,
  is_returning_event: false,
};
const activation: ActivationMetricQuery = { kind: "ActivationMetricQuery", activationFilter: {} };

test("behaviours are told with their strength, and with what to doubt", () => {
  const rows = [behaviour, { ...behaviour, event: "looked", count: 1, significant: false, p_value_adjusted: 0.4 }];
  draw(
    <InsightAnswer
      query={activation}
      answer={answer(rows, { warnings: ["3 began less than 14 days ago"], summary: { persons: 200, retention: 0.25 } })}
      height="fill"
    />,
  );
  expect(screen.getByRole("cell", { name: "3 times or more in 7 days" })).toBeTruthy();
  expect(screen.getByRole("cell", { name: "< 0.001" })).toBeTruthy();
  expect(screen.getByRole("cell", { name: "0.400 – may be chance" })).toBeTruthy();
  expect(screen.getByText("3 began less than 14 days ago")).toBeTruthy();
});

test("an answer without rows says so", () => {
  draw(<InsightAnswer query={activation} answer={answer([])} height="fill" />);
  expect(screen.getByText("No behaviour to compare")).toBeTruthy();
});

test("a funnel has its numbers as a table", () => {
  const query: FunnelsQuery = { kind: "FunnelsQuery", series: [] };
  const step = (order: number, count: number) => ({
    action_id: "a",
    name: `step ${order}`,
    order,
    count,
    average_conversion_time: order === 0 ? null : 60,
    median_conversion_time: null,
  });
  draw(<AnswerTable query={query} results={[step(0, 10), step(1, 4)]} />);
  expect(screen.getByRole("row", { name: /step 1 4 60/ })).toBeTruthy();
});
