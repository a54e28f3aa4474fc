import { useMemo } from "react";
import type { TrendResult } from "@/api/insights";
import { type Usage, useUsage } from "@/api/usage";
import { formatCount } from "@/ui/format";
import { TrendAnswer } from "@/ui/insights/TrendAnswer";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

const inWords = (kind: string) => kind.replaceAll("_", " ");

const COUNTS: Record<string, string> = {
  anonymous_events: "Events without a person ($process_person_profile is false).",
  identified_events: "All other events of persons.",
  flag_calls: "$feature_flag_called: a flag was evaluated.",
  exceptions: "$exception: an error was caught.",
  recordings: "Sessions of which a recording came, each once, on its first day.",
};

/** The days of each kind as lines of a chart. */
function linesOf(usage: Usage): TrendResult[] {
  const days = usage.results.map((day) => day.date);
  return Object.keys(usage.totals).map((kind, order) => {
    const data = usage.results.map((day) => Number(day[kind] ?? 0));
    return {
      label: inWords(kind),
      data,
      days,
      labels: days,
      count: usage.totals[kind] ?? 0,
      action: { id: kind, name: inWords(kind), order },
    };
  });
}

export default function UsagePage() {
  const asked = useUsage();
  const lines = useMemo(() => (asked.data ? linesOf(asked.data) : []), [asked.data]);
  // The newest day first; days without anything only make the list long.
  const used = (asked.data?.results ?? [])
    .filter((day) => Object.keys(asked.data?.totals ?? {}).some((kind) => Number(day[kind] ?? 0) > 0))
    .reverse();
  return (
    <Page title="Usage" about="What this project received in the last 30 days. Days are of UTC.">
      {asked.error ? (
        <Panel>
          <Failure problem={asked.error} onRetry={() => asked.refetch()} />
        </Panel>
      ) : !asked.data ? (
        <Panel>
          <Loading lines={10} />
        </Panel>
      ) : (
        <>
          <Panel padded>
            {used.length === 0 ? (
              <Empty title="Nothing arrived in the last 30 days">
                Events, recordings and errors are counted here on the day they come in.
              </Empty>
            ) : (
              <TrendAnswer
                query={{ kind: "TrendsQuery", series: [], trendsFilter: { display: "ActionsBar" } }}
                lines={lines}
                height={280}
              />
            )}
          </Panel>
          <Panel title="Totals">
            <Table
              label="Totals of 30 days"
              rows={Object.entries(asked.data.totals)}
              keyOf={([kind]) => kind}
              wrap
              columns={[
                { name: "Kind", cell: ([kind]) => inWords(kind) },
                { name: "Counts", cell: ([kind]) => COUNTS[kind] ?? "" },
                { name: "Last 30 days", number: true, cell: ([, count]) => formatCount(count) },
              ]}
            />
          </Panel>
          {used.length === 0 ? null : (
            <Panel title="By day">
              <Table
                label="Usage by day"
                rows={used}
                keyOf={(day) => day.date}
                columns={[
                  { name: "Day", cell: (day) => day.date },
                  ...Object.keys(asked.data.totals).map((kind) => ({
                    name: inWords(kind),
                    number: true,
                    cell: (day: Usage["results"][number]) => formatCount(Number(day[kind] ?? 0)),
                  })),
                ]}
              />
            </Panel>
          )}
        </>
      )}
    </Page>
  );
}
