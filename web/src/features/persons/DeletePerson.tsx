import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { deletePerson, type Person } from "@/api/persons";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/persons/persons.module.css";
import { Problem } from "@/ui/states/States";

export function DeletePerson({ person }: { person: Person }) {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const deleting = useMutation({
    mutationFn: (withEvents: boolean) => deletePerson(id, person.uuid ?? person.id, withEvents),
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
            The properties and {person.distinct_ids.length} distinct ids are deleted. Events can stay, without a person,
            or go too. This cannot be undone.
          </p>
          {deleting.error ? <Problem problem={deleting.error} /> : null}
          <div className={styles.buttons}>
            <Button variant="default" loading={deleting.isPending} onClick={() => deleting.mutate(false)}>
              Delete, keep events
            </Button>
            <Button color="red" loading={deleting.isPending} onClick={() => deleting.mutate(true)}>
              Delete with events
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}
