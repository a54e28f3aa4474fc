import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { changeUser } from "@/api/session";
import styles from "@/features/settings/SettingsPage.module.css";
import { Problem } from "@/ui/states/States";

export function AccountPassword() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const changing = useMutation({
    mutationFn: () => changeUser({ current_password: current, password: next }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        changing.mutate();
      }}
    >
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        required
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <PasswordInput
        label="New password"
        autoComplete="new-password"
        required
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      {changing.error ? <Problem problem={changing.error} /> : null}
      {changing.isSuccess ? <p role="status">Changed. Other sessions were ended.</p> : null}
      <div>
        <Button type="submit" loading={changing.isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}
