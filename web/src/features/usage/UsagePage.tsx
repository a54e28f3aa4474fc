import { useMemo } from "react";
import type { TrendResult } from "@/api/insights";
import { type Usage, useUsage } from "@/api/usage";
import { formatCount } from "@/ui/format";
import { TrendAnswer } from "@/ui/insights/TrendAnswer";
import { Page, Panel } from "@/ui/Page";
import { Failure, Loading } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

const inWords = (kind: string) => kind.replaceAll("_", " ");

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
            <TrendAnswer
              query={{ kind: "TrendsQuery", series: [], trendsFilter: { display: "ActionsBar" } }}
              lines={lines}
              height={280}
            />
          </Panel>
          <Panel>
            <Table
              label="Totals of 30 days"
              rows={Object.entries(asked.data.totals)}
              keyOf={([kind]) => kind}
              columns={[
                { name: "Kind", cell: ([kind]) => inWords(kind) },
                { name: "Last 30 days", number: true, cell: ([, count]) => formatCount(count) },
              ]}
            />
          </Panel>
        </>
      )}
    </Page>
  );
}
