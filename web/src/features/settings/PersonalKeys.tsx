import { ActionIcon, Button, MultiSelect, Switch, TextInput } from "@mantine/core";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createKey, deleteKey, rollKey, SCOPE_OBJECTS, usePersonalKeys } from "@/api/keys";
import type { SectionProps } from "@/features/settings/SettingsPage";
import styles from "@/features/settings/SettingsPage.module.css";
import { CopyButton } from "@/ui/CopyButton";
import { Panel } from "@/ui/Page";
import { Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

const EVERYTHING = "*";
const SCOPES = SCOPE_OBJECTS.flatMap((object) => [`${object}:read`, `${object}:write`]);

/** Keys for scripts. A new one is shown once: only its hash is kept. */
export function PersonalKeys({ project }: SectionProps) {
  const keys = usePersonalKeys();
  const queries = useQueryClient();
  const [label, setLabel] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [onlyHere, setOnlyHere] = useState(false);
  const again = () => queries.invalidateQueries({ queryKey: ["personal_keys"] });
  const making = useMutation({
    mutationFn: () => createKey(label.trim(), scopes.length > 0 ? scopes : [EVERYTHING], onlyHere ? [project.id] : []),
    onSuccess: () => {
      setLabel("");
      setScopes([]);
      return again();
    },
  });
  const rolling = useMutation({ mutationFn: rollKey, onSuccess: again });
  const shown = rolling.data ?? making.data;
  const removing = useMutation({ mutationFn: deleteKey, onSuccess: again });
  return (
    <Panel title="Your personal API keys" padded>
      <div className={styles.stack}>
        {shown?.value ? (
          <div className={styles.once} role="status">
            <strong>Copy it now, it is not shown again:</strong>
            <code>{shown.value}</code>
            <CopyButton text={shown.value} label="Copy the key" />
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
              {
                name: "May",
                cell: (key) => (
                  <span title={key.scopes.join(", ")}>
                    {key.scopes.includes(EVERYTHING) ? "everything you may" : key.scopes.join(", ")}
                    {key.scoped_teams.length > 0 ? ` in ${key.scoped_teams.length} project` : ""}
                  </span>
                ),
              },
              { name: "Made", cell: (key) => <Time at={key.created_at} form="ago" /> },
              { name: "Last used", cell: (key) => <Time at={key.last_used_at} form="ago" /> },
              {
                name: "",
                number: true,
                cell: (key) => (
                  <span className={styles.icons}>
                    <ActionIcon
                      aria-label={`Replace key ${key.label}`}
                      onClick={() =>
                        window.confirm(`Replace the key “${key.label}”? The old value stops working at once.`) &&
                        rolling.mutate(key.id)
                      }
                    >
                      <IconRefresh size={15} />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={`Delete key ${key.label}`}
                      onClick={() =>
                        window.confirm(`Delete the key “${key.label}”? What uses it stops at once.`) &&
                        removing.mutate(key.id)
                      }
                    >
                      <IconTrash size={15} />
                    </ActionIcon>
                  </span>
                ),
              },
            ]}
          />
        ) : (
          <p className="quiet">No key yet. Keys let scripts and tools read and change what you can.</p>
        )}
        {making.error || removing.error || rolling.error ? (
          <Problem problem={making.error ?? removing.error ?? rolling.error} />
        ) : null}
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (label.trim()) making.mutate();
          }}
        >
          <TextInput
            label="Label of a new key"
            maxLength={40}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <MultiSelect
            size="sm"
            label="What it may do"
            description="Nothing chosen means everything that you may."
            placeholder={scopes.length === 0 ? "Everything" : undefined}
            searchable
            clearable
            data={SCOPES}
            value={scopes}
            onChange={setScopes}
          />
          <Switch
            label={`Only in ${project.name}`}
            checked={onlyHere}
            onChange={(event) => setOnlyHere(event.currentTarget.checked)}
          />
          <div>
            <Button type="submit" size="sm" disabled={!label.trim()} loading={making.isPending}>
              Make a key
            </Button>
          </div>
        </form>
      </div>
    </Panel>
  );
}
