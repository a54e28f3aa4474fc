import { Drawer } from "@mantine/core";
import { useAnswer } from "@/api/query";
import { useProjectPath } from "@/api/session";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

interface Asked {
  title: string;
  source: object;
}

interface Actor {
  id: string;
  uuid?: string;
  name?: string;
  distinct_ids?: string[];
  properties?: Record<string, unknown>;
}

const MOST = 100;

/** The people behind a point of a chart. */
export function PeoplePanel({ asked, onClose }: { asked: Asked | null; onClose: () => void }) {
  const path = useProjectPath();
  const query = asked
    ? { kind: "ActorsQuery" as const, select: ["id", "person"], source: asked.source, limit: MOST }
    : null;
  const answer = useAnswer<[string, Actor][]>(query);
  const people = (answer.data?.results ?? []).map(([id, person]) => ({ ...person, id }));
  const nameOf = (actor: Actor) => actor.name || String(actor.properties?.email ?? actor.distinct_ids?.[0] ?? actor.id);
  return (
    <Drawer
      opened={asked !== null}
      onClose={onClose}
      position="right"
      size={480}
      title={<strong>{asked?.title ?? "People"}</strong>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {answer.error ? (
        <Failure problem={answer.error} onRetry={() => answer.refetch()} />
      ) : answer.isPending || answer.isPlaceholderData ? (
        <Loading lines={10} />
      ) : people.length === 0 ? (
        <Empty title="Nobody" />
      ) : (
        <>
          <Table
            label="People"
            rows={people}
            keyOf={(actor) => actor.id}
            columns={[
              { name: "Person", cell: (actor) => <a href={path(`persons/${actor.id}`)}>{nameOf(actor)}</a> },
              { name: "Distinct ids", number: true, cell: (actor) => actor.distinct_ids?.length ?? "" },
            ]}
          />
          {answer.data?.hasMore ? <p className="quiet">The first {MOST}.</p> : null}
        </>
      )}
    </Drawer>
  );
}
