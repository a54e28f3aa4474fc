import { SegmentedControl, TextInput, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeUser } from "@/api/session";
import { AccountPassword } from "@/features/settings/AccountPassword";
import { Saving } from "@/features/settings/Saving";
import { Sessions } from "@/features/settings/Sessions";
import type { SectionProps } from "@/features/settings/SettingsPage";
import styles from "@/features/settings/SettingsPage.module.css";
import { Panel } from "@/ui/Page";

export function AccountSettings({ user }: SectionProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const [name, setName] = useState(user.first_name);
  const saving = useMutation({
    mutationFn: () => changeUser({ first_name: name.trim() }),
    onSuccess: (changed) => {
      queries.setQueryData(["user"], changed);
      notifications.show({ message: "Saved" });
    },
  });
  return (
    <div className={styles.stack}>
      <Panel title="You" padded>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            saving.mutate();
          }}
        >
          <p>{user.email}</p>
          <TextInput
            label="Name"
            maxLength={150}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Saving saving={saving} disabled={name.trim() === user.first_name} />
          <div>
            <span className="quiet">Colours, on this device</span>
            <SegmentedControl
              fullWidth
              aria-label="Colours"
              value={colorScheme}
              onChange={setColorScheme}
              data={[
                { value: "light", label: "Light" },
                { value: "dark", label: "Dark" },
                { value: "auto", label: "Like the system" },
              ]}
            />
          </div>
        </form>
      </Panel>
      <Panel title="Password" padded>
        <AccountPassword />
      </Panel>
      <Sessions />
    </div>
  );
}
