import { ActionIcon } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { type Cohort, removeFromList, useCohortPersons } from "@/api/cohorts";
import type { Person } from "@/api/persons";
import { useProject, useProjectPath } from "@/api/session";
import { Listed } from "@/ui/lists/Listed";
import { Pages } from "@/ui/lists/Pages";
import { Panel } from "@/ui/Page";
import { Empty, messageOf } from "@/ui/states/States";
import { Time } from "@/ui/Time";

const A_PAGE = 50;

export function CohortPersons({ cohort }: { cohort: Cohort }) {
  const path = useProjectPath();
  const [offset, setOffset] = useState(0);
  const persons = useCohortPersons(cohort, offset, A_PAGE);
  return (
    <Panel title="Persons">
      <Listed
        asked={persons}
        lines={8}
        empty={<Empty title={cohort.is_calculating ? "Calculating…" : "Nobody is in this cohort"} />}
        label="Persons"
        keyOf={(person) => person.uuid}
        columns={[
          {
            name: "Person",
            cell: (person) => <Link href={path(`persons/${person.uuid}`)}>{person.name || person.uuid}</Link>,
          },
          { name: "Distinct ids", number: true, cell: (person) => person.distinct_ids.length },
          { name: "First seen", cell: (person) => <Time at={person.created_at} form="ago" /> },
          ...(cohort.is_static
            ? [{ name: "", cell: (person: Person) => <Remove cohort={cohort} person={person} /> }]
            : []),
        ]}
      />
      <Pages offset={offset} size={A_PAGE} more={Boolean(persons.data?.next)} onOffset={setOffset} inside />
    </Panel>
  );
}

/** Takes one person off a list. */
function Remove({ cohort, person }: { cohort: Cohort; person: Person }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const removing = useMutation({
    mutationFn: () => removeFromList(id, cohort.id, person.uuid),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["cohort_persons", id, cohort.id] });
      await queries.invalidateQueries({ queryKey: ["cohort", id, cohort.id] });
    },
    onError: (problem) => notifications.show({ message: messageOf(problem), color: "red" }),
  });
  return (
    <ActionIcon
      size="sm"
      aria-label={`Take ${person.name || person.uuid} off the list`}
      loading={removing.isPending}
      onClick={() => removing.mutate()}
    >
      <IconX size={14} />
    </ActionIcon>
  );
}
