import { type ActionStep, useMatchingEvents } from "@/api/actions";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

/** What the steps match as they stand, saved or not. */
export function MatchingEvents({ steps }: { steps: ActionStep[] }) {
  const { events, pending, problem } = useMatchingEvents(steps);
  return (
    <Panel title="Matching events">
      {problem ? (
        <Failure problem={problem} />
      ) : pending && events.length === 0 ? (
        <Loading lines={6} />
      ) : events.length === 0 ? (
        <Empty title="Nothing matched in the last 30 days">New events that match appear here by themselves.</Empty>
      ) : (
        <Table
          label="Matching events"
          rows={events}
          keyOf={(event) => event.uuid}
          columns={[
            { name: "Event", cell: (event) => event.event },
            { name: "Person", cell: (event) => event.distinctId },
            { name: "Where", cell: (event) => event.url },
            { name: "Time", cell: (event) => <Time at={event.timestamp} form="ago" /> },
          ]}
        />
      )}
    </Panel>
  );
}
