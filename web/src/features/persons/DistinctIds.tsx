import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Person, splitPerson } from "@/api/persons";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/persons/persons.module.css";
import { formatCount } from "@/ui/format";
import { Problem } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

const SHOWN = 200; // more are read by nobody; the API has them all

/** The distinct ids of a person. One can be split off: it gets a person of its own, and past events follow. */
export function DistinctIds({ person }: { person: Person }) {
  const { id } = useProject();
  const path = useProjectPath();
  const queries = useQueryClient();
  const splitting = useMutation({
    mutationFn: (distinctId: string) => splitPerson(id, person.uuid ?? person.id, [distinctId]),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["person", id] });
      notifications.show({ message: "Split off. Charts follow within seconds." });
    },
  });
  const alone = person.distinct_ids.length < 2;
  return (
    <div className={styles.tab}>
      {splitting.error ? <Problem problem={splitting.error} /> : null}
      <Table
        label="Distinct ids"
        rows={person.distinct_ids.slice(0, SHOWN)}
        keyOf={(distinctId) => distinctId}
        columns={[
          { name: "Distinct id", cell: (distinctId) => <code>{distinctId}</code> },
          {
            name: "",
            number: true,
            cell: (distinctId) =>
              alone ? null : (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  loading={splitting.isPending && splitting.variables === distinctId}
                  onClick={() =>
                    window.confirm(`Give “${distinctId}” a person of its own? All its past events follow.`) &&
                    splitting.mutate(distinctId)
                  }
                >
                  Split off
                </Button>
              ),
          },
        ]}
      />
      {person.distinct_ids.length > SHOWN ? (
        <p className={styles.note}>
          And {formatCount(person.distinct_ids.length - SHOWN)} more. So many ids on one person mostly mean that
          different people share one: see <Link href={path("warnings")}>the ingestion warnings</Link>.
        </p>
      ) : null}
    </div>
  );
}
