import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { deletePerson, type EventsOfDeleted, type Person } from "@/api/persons";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/persons/persons.module.css";
import { Problem } from "@/ui/states/States";

const CHOICES: [EventsOfDeleted, string][] = [
  ["keep", "Delete, keep events"],
  ["anonymise", "Delete, make events anonymous"],
  ["delete", "Delete with events"],
];

export function DeletePerson({ person }: { person: Person }) {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const deleting = useMutation({
    mutationFn: (events: EventsOfDeleted) => deletePerson(id, person.uuid ?? person.id, events),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["persons", id] });
      navigate(path("persons"));
    },
  });
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Delete
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Delete this person"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <div className={styles.dialog}>
          <p>
            The properties and {person.distinct_ids.length} distinct ids are deleted. Events can stay as they are,
            without a person; stay without what says who it was; or go too. This cannot be undone.
          </p>
          {deleting.error ? <Problem problem={deleting.error} /> : null}
          <div className={styles.buttons}>
            {CHOICES.map(([events, label]) => (
              <Button
                key={events}
                variant={events === "delete" ? "filled" : "default"}
                color={events === "delete" ? "red" : undefined}
                loading={deleting.isPending && deleting.variables === events}
                disabled={deleting.isPending}
                onClick={() => deleting.mutate(events)}
              >
                {label}
              </Button>
            ))}
          </div>
        </div>
      </Modal>
    </>
  );
}
