import { Link } from "wouter";
import { type ActionStep, useMatchingCount, useMatchingEvents } from "@/api/actions";
import { useProjectPath } from "@/api/session";
import { elementInWords } from "@/features/actions/element";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

/** What the steps match as they stand, saved or not. */
export function MatchingEvents({ steps }: { steps: ActionStep[] }) {
  const path = useProjectPath();
  const { events, pending, problem, retry } = useMatchingEvents(steps);
  const count = useMatchingCount(steps);
  const clicks = events.some((event) => event.elements !== "");
  return (
    <Panel
      title="Matching events"
      actions={
        count ? (
          <span className="quiet" role="status">
            {formatCount(count.events)} events of {formatCount(count.persons)} persons in the last 30 days
          </span>
        ) : null
      }
    >
      {problem ? (
        <Failure problem={problem} onRetry={retry} />
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
            {
              name: "Event",
              cell: (event) => <Link href={path("activity", { uuid: event.uuid })}>{event.event}</Link>,
            },
            ...(clicks
              ? [{ name: "Element", cell: (event: (typeof events)[number]) => elementInWords(event.elements) }]
              : []),
            {
              name: "Person",
              cell: (event) => <Link href={path(`persons/${event.personId}`)}>{event.distinctId}</Link>,
            },
            { name: "Where", cell: (event) => event.url },
            { name: "Time", cell: (event) => <Time at={event.timestamp} form="ago" /> },
          ]}
        />
      )}
    </Panel>
  );
}
