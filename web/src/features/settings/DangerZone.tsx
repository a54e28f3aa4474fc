import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { deleteProject, resetToken } from "@/api/session";
import type { SectionProps } from "@/features/settings/SettingsPage";
import styles from "@/features/settings/SettingsPage.module.css";
import { Panel } from "@/ui/Page";
import { Problem } from "@/ui/states/States";

const ADMIN = 8;

/** What cannot be undone, each behind the project's name. */
export function DangerZone({ project, user }: SectionProps) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const level = user.organizations.find((one) => one.id === project.organization)?.membership_level ?? 0;
  const renewing = useMutation({
    mutationFn: () => resetToken(project.id),
    onSuccess: (changed) => {
      queries.setQueryData(["project", project.id], changed);
      queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  const deleting = useMutation({
    mutationFn: () => deleteProject(project.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["projects"] });
      navigate("/");
    },
  });
  if (level < ADMIN) return <p className="quiet">Only an admin of the organization may do what is here.</p>;
  return (
    <div className={styles.stack}>
      <Panel title="New project key" padded>
        <Confirmed
          name={project.name}
          about="SDKs with the old key are refused at once. Do this when the key was misused."
          action="Make a new key"
          pending={renewing.isPending}
          onConfirm={() => renewing.mutate()}
        />
        {renewing.isSuccess ? (
          <p role="status">
            The new key is <code>{renewing.data.api_token}</code>
          </p>
        ) : null}
        {renewing.error ? <Problem problem={renewing.error} /> : null}
      </Panel>
      <Panel title="Delete the project" padded>
        <Confirmed
          name={project.name}
          about="Its key is refused at once; its events, persons, insights and recordings are removed within hours and cannot be brought back."
          action="Delete the project"
          pending={deleting.isPending}
          onConfirm={() => deleting.mutate()}
        />
        {deleting.error ? <Problem problem={deleting.error} /> : null}
      </Panel>
    </div>
  );
}

interface ConfirmedProps {
  name: string;
  about: string;
  action: string;
  pending: boolean;
  onConfirm: () => void;
}

function Confirmed({ name, about, action, pending, onConfirm }: ConfirmedProps) {
  const [typed, setTyped] = useState("");
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== name) return;
        setTyped("");
        onConfirm();
      }}
    >
      <p>{about}</p>
      <TextInput
        label={`Type “${name}” to go on: ${action.toLowerCase()}`}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" color="red" disabled={typed !== name} loading={pending}>
          {action}
        </Button>
      </div>
    </form>
  );
}
