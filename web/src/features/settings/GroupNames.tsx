import { TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type GroupType, renameGroupTypes, useGroupTypes } from "@/api/persons";
import { useProject } from "@/api/session";
import { Saving } from "@/features/settings/Saving";
import styles from "@/features/settings/SettingsPage.module.css";
import { Panel } from "@/ui/Page";
import { Failure, Loading } from "@/ui/states/States";

/** How people call the kinds of groups that SDKs named. */
export function GroupNames() {
  const types = useGroupTypes();
  return (
    <Panel title="Names of groups" padded>
      {types.error ? (
        <Failure problem={types.error} onRetry={() => types.refetch()} />
      ) : !types.data ? (
        <Loading lines={2} />
      ) : types.data.length === 0 ? (
        <p className="quiet">Kinds of groups appear here when an SDK sends the first one, as “company” or “team”.</p>
      ) : (
        <Names types={types.data} />
      )}
    </Panel>
  );
}

function Names({ types }: { types: GroupType[] }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [names, setNames] = useState(types);
  const saving = useMutation({
    mutationFn: () => renameGroupTypes(id, names),
    onSuccess: (saved) => {
      queries.setQueryData(["groups_types", id], saved);
      notifications.show({ message: "Saved" });
    },
  });
  const change = (at: number, changed: Partial<GroupType>) =>
    setNames(names.map((old, i) => (i === at ? { ...old, ...changed } : old)));
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <p className="quiet">What lists and charts call them. What SDKs send stays as it is.</p>
      {names.map((type, at) => (
        <div key={type.group_type_index} className={styles.row}>
          <TextInput
            className={styles.grow}
            label={`One ${type.group_type}`}
            placeholder={type.group_type}
            maxLength={400}
            value={type.name_singular ?? ""}
            onChange={(event) => change(at, { name_singular: event.currentTarget.value || null })}
          />
          <TextInput
            className={styles.grow}
            label={`Several of ${type.group_type}`}
            placeholder={type.group_type}
            maxLength={400}
            value={type.name_plural ?? ""}
            onChange={(event) => change(at, { name_plural: event.currentTarget.value || null })}
          />
        </div>
      ))}
      <Saving saving={saving} label="Save the names" />
    </form>
  );
}
