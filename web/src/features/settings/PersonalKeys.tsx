import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createKey, deleteKey, usePersonalKeys } from "@/api/keys";
import styles from "@/features/settings/SettingsPage.module.css";
import { CopyButton } from "@/ui/CopyButton";
import { Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

/** Keys for scripts. A new one is shown once: only its hash is kept. */
export function PersonalKeys() {
  const keys = usePersonalKeys();
  const queries = useQueryClient();
  const [label, setLabel] = useState("");
  const again = () => queries.invalidateQueries({ queryKey: ["personal_keys"] });
  const making = useMutation({
    mutationFn: () => createKey(label.trim()),
    onSuccess: () => {
      setLabel("");
      return again();
    },
  });
  const removing = useMutation({ mutationFn: deleteKey, onSuccess: again });
  return (
    <div className={styles.stack}>
      {making.data?.value ? (
        <div className={styles.once} role="status">
          <strong>Copy it now, it is not shown again:</strong>
          <code>{making.data.value}</code>
          <CopyButton text={making.data.value} label="Copy the key" />
        </div>
      ) : null}
      {keys.error ? (
        <Failure problem={keys.error} onRetry={() => keys.refetch()} />
      ) : !keys.data ? (
        <Loading lines={3} />
      ) : keys.data.length > 0 ? (
        <Table
          label="Personal API keys"
          rows={keys.data}
          keyOf={(key) => key.id}
          columns={[
            { name: "Label", cell: (key) => key.label },
            { name: "Key", cell: (key) => <code>{key.mask_value ?? "…"}</code> },
            { name: "Made", cell: (key) => <Time at={key.created_at} form="ago" /> },
            { name: "Last used", cell: (key) => <Time at={key.last_used_at} form="ago" /> },
            {
              name: "",
              number: true,
              cell: (key) => (
                <ActionIcon
                  aria-label={`Delete key ${key.label}`}
                  onClick={() =>
                    window.confirm(`Delete the key “${key.label}”? What uses it stops at once.`) &&
                    removing.mutate(key.id)
                  }
                >
                  <IconTrash size={15} />
                </ActionIcon>
              ),
            },
          ]}
        />
      ) : (
        <p className="quiet">No key yet. Keys let scripts and tools read and change what you can.</p>
      )}
      {making.error || removing.error ? <Problem problem={making.error ?? removing.error} /> : null}
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          if (label.trim()) making.mutate();
        }}
      >
        <TextInput
          className={styles.grow}
          label="Label of a new key"
          maxLength={40}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" disabled={!label.trim()} loading={making.isPending}>
          Make a key
        </Button>
      </form>
    </div>
  );
}
