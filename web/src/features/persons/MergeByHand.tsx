import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { mergePerson, type Person, usePersons } from "@/api/persons";
import { useProject } from "@/api/session";
import { personName } from "@/features/persons/personName";
import styles from "@/features/persons/persons.module.css";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";

/** Join another person to this one; undoing it is a click in the list of merges. */
export function MergeByHand({ person }: { person: Person }) {
  const [opened, setOpened] = useState(false);
  return (
    <div className={styles.byHand}>
      <Button variant="default" onClick={() => setOpened(true)}>
        Merge another person into this one
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Merge into ${personName(person)}`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Candidates person={person} onDone={() => setOpened(false)} />
      </Modal>
    </div>
  );
}

function Candidates({ person, onDone }: { person: Person; onDone: () => void }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [search, setSearch] = useState("");
  const found = usePersons({ search, limit: 6 });
  const merging = useMutation({
    mutationFn: (other: Person) => mergePerson(id, person.uuid, other.uuid),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["person", id] });
      notifications.show({ message: "Merged. All questions count them as one from now on." });
      onDone();
    },
  });
  const others = (found.data?.results ?? []).filter((other) => other.uuid !== person.uuid).slice(0, 5);
  return (
    <div className={styles.dialog}>
      <TextInput
        label="Who is the same person?"
        description="A part of the e-mail address or name, or a whole distinct id."
        data-autofocus
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {merging.error ? <Problem problem={merging.error} /> : null}
      {found.error ? (
        <Failure problem={found.error} onRetry={() => found.refetch()} />
      ) : found.isPending ? (
        <Loading lines={3} />
      ) : others.length === 0 ? (
        <Empty title="Nobody else matches" />
      ) : (
        <ul className={styles.candidates}>
          {others.map((other) => (
            <li key={other.uuid}>
              {personName(other)}
              <Button
                size="compact-xs"
                variant="default"
                loading={merging.isPending && merging.variables?.uuid === other.uuid}
                onClick={() => merging.mutate(other)}
              >
                Merge
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
