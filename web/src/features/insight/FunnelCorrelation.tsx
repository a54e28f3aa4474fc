import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { FunnelsQuery } from "@/api/insights";
import { useAnswer } from "@/api/query";
import {
  behindCorrelation,
  type CorrelationKind,
  type Correlations,
  correlationQuery,
  likelihood,
  nameOf,
} from "@/features/insight/correlation";
import type { OnPeople } from "@/ui/insights/InsightAnswer";
import { PeopleNumber } from "@/ui/insights/PeopleNumber";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

interface FunnelCorrelationProps {
  query: FunnelsQuery;
  onPeople: OnPeople;
}

/** What those who complete a funnel do, or are, more often than those who do not. Computed when it is asked for. */
export function FunnelCorrelation({ query, onPeople }: FunnelCorrelationProps) {
  const [kind, setKind] = useState<CorrelationKind | "none">("none");
  return (
    <Panel
      title="What goes with completing it"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Compare people who completed the funnel by"
          data={[
            { value: "none", label: "Hidden" },
            { value: "events", label: "Events" },
            { value: "properties", label: "Properties" },
          ]}
          value={kind}
          onChange={(next) => setKind(next as CorrelationKind | "none")}
        />
      }
    >
      {kind === "none" ? null : <Found key={kind} query={query} kind={kind} onPeople={onPeople} />}
    </Panel>
  );
}

function Found({ query, kind, onPeople }: FunnelCorrelationProps & { kind: CorrelationKind }) {
  const asked = useAnswer<Correlations>(correlationQuery(query, kind));
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data || asked.isPlaceholderData) return <Loading lines={6} />;
  const { events, skewed } = asked.data.results;
  if (events.length === 0) {
    return (
      <Empty title="Nothing stands out">
        {skewed
          ? "Nearly everybody completed the funnel, or nearly nobody: there are too few to compare with."
          : "People who completed the funnel do not differ from the others in anything that enough of them share."}
      </Empty>
    );
  }
  return (
    <Table
      label="What goes with completing the funnel"
      rows={events}
      keyOf={(row) => row.event.event}
      columns={[
        { name: kind === "events" ? "Event on the way" : "Property", cell: (row) => nameOf(row, kind) },
        { name: "To complete it", cell: likelihood },
        ...([true, false] as const).map((completed) => ({
          name: completed ? "Completed" : "Dropped off",
          number: true,
          cell: (row: Correlations["events"][number]) => (
            <PeopleNumber
              value={completed ? row.success_count : row.failure_count}
              of={`${nameOf(row, kind)}, ${completed ? "completed" : "dropped off"}`}
              onClick={() => onPeople(behindCorrelation(query, kind, row, completed))}
            />
          ),
        })),
      ]}
    />
  );
}
