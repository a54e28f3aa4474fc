import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  changeLevel,
  LEVELS,
  type Level,
  levelTitle,
  removeMember,
  renameOrganization,
  useMembers,
} from "@/api/members";
import { Invites } from "@/features/settings/Invites";
import type { SectionProps } from "@/features/settings/SettingsPage";
import styles from "@/features/settings/SettingsPage.module.css";
import { Panel } from "@/ui/Page";
import { Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

const ADMIN = 8;

export function MembersSettings({ project, user }: SectionProps) {
  const organization = project.organization;
  const members = useMembers(organization);
  const queries = useQueryClient();
  const mine = user.organizations.find((one) => one.id === organization);
  const level = mine?.membership_level ?? 0;
  const again = () => {
    queries.invalidateQueries({ queryKey: ["members", organization] });
    queries.invalidateQueries({ queryKey: ["user"] });
  };
  const changing = useMutation({
    mutationFn: ({ uuid, to }: { uuid: string; to: Level }) => changeLevel(organization, uuid, to),
    onSettled: again,
  });
  const removing = useMutation({
    mutationFn: (uuid: string) => removeMember(organization, uuid),
    onSuccess: (_, uuid) => {
      if (uuid === user.uuid) window.location.assign("/");
      else again();
    },
  });
  return (
    <div className={styles.stack}>
      <Panel title="Members">
        {members.data ? (
          <Table
            label="Members"
            rows={members.data.results}
            keyOf={(member) => member.id}
            columns={[
              { name: "Name", cell: (member) => member.user.first_name || "–" },
              { name: "E-mail", cell: (member) => member.user.email },
              {
                name: "Role",
                cell: (member) =>
                  level >= ADMIN && member.level <= level ? (
                    <Select
                      aria-label={`Role of ${member.user.email}`}
                      w={120}
                      data={LEVELS.filter((one) => one.value <= level).map((one) => ({
                        value: String(one.value),
                        label: one.title,
                      }))}
                      value={String(member.level)}
                      onChange={(to) => to && changing.mutate({ uuid: member.id, to: Number(to) as Level })}
                    />
                  ) : (
                    levelTitle(member.level)
                  ),
              },
              { name: "Joined", cell: (member) => <Time at={member.joined_at} form="ago" /> },
              {
                name: "",
                number: true,
                cell: (member) =>
                  member.id === user.uuid || (level >= ADMIN && member.level <= level) ? (
                    <ActionIcon
                      aria-label={member.id === user.uuid ? "Leave" : `Remove ${member.user.email}`}
                      onClick={() =>
                        window.confirm(
                          member.id === user.uuid
                            ? `Leave ${mine?.name ?? "the organization"}? Only an admin can bring you back.`
                            : `Remove ${member.user.email}? Their keys stop working at once.`,
                        ) && removing.mutate(member.id)
                      }
                    >
                      <IconTrash size={15} />
                    </ActionIcon>
                  ) : null,
              },
            ]}
          />
        ) : members.error ? (
          <Failure problem={members.error} onRetry={() => members.refetch()} />
        ) : (
          <Loading lines={3} />
        )}
        {changing.error || removing.error ? (
          <div className={styles.pad}>
            <Problem problem={changing.error ?? removing.error} />
          </div>
        ) : null}
      </Panel>
      {level >= ADMIN ? <Invites organization={organization} level={level} /> : null}
      {level >= ADMIN && mine ? <Rename organization={organization} name={mine.name} onDone={again} /> : null}
    </div>
  );
}

function Rename({ organization, name, onDone }: { organization: string; name: string; onDone: () => void }) {
  const [draft, setDraft] = useState(name);
  const saving = useMutation({
    mutationFn: () => renameOrganization(organization, draft.trim()),
    onSuccess: onDone,
  });
  return (
    <Panel title="Organization" padded>
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <TextInput
          className={styles.grow}
          label="Name of the organization"
          maxLength={64}
          required
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" loading={saving.isPending} disabled={!draft.trim() || draft === name}>
          Rename
        </Button>
        {saving.error ? <Problem problem={saving.error} /> : null}
      </form>
    </Panel>
  );
}
