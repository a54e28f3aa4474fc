import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { invite, LEVELS, type Level, levelTitle, useInvites, withdrawInvite } from "@/api/members";
import styles from "@/features/settings/SettingsPage.module.css";
import { CopyButton } from "@/ui/CopyButton";
import { Panel } from "@/ui/Page";
import { Failure, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

/** Invitations are links: you pass them on yourself, so no mail server is needed. */
export function Invites({ organization, level }: { organization: string; level: number }) {
  const invites = useInvites(organization);
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [as, setAs] = useState<Level>(1);
  const again = () => queries.invalidateQueries({ queryKey: ["invites", organization] });
  const inviting = useMutation({
    mutationFn: () => invite(organization, email.trim(), as),
    onSuccess: () => {
      setEmail("");
      return again();
    },
  });
  const withdrawing = useMutation({ mutationFn: (id: string) => withdrawInvite(organization, id), onSuccess: again });
  const link = inviting.data?.link;
  return (
    <Panel title="Invite people" padded>
      <div className={styles.stack}>
        <form
          className={styles.row}
          onSubmit={(event) => {
            event.preventDefault();
            inviting.mutate();
          }}
        >
          <TextInput
            className={styles.grow}
            label="E-mail of whom to invite"
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Select
            size="sm"
            label="As"
            w={130}
            data={LEVELS.filter((one) => one.value <= level).map((one) => ({
              value: String(one.value),
              label: one.title,
            }))}
            value={String(as)}
            onChange={(to) => to && setAs(Number(to) as Level)}
          />
          <Button type="submit" size="sm" loading={inviting.isPending}>
            Make a link
          </Button>
        </form>
        <p className="quiet">
          {LEVELS.map((one) => `${one.title}: ${one.may}`).join(" · ")}. No mail is sent: pass the link on yourself. It
          works once, within a week.
        </p>
        {link ? (
          <div className={styles.once} role="status">
            <strong>Copy it now, it is not shown again:</strong>
            <code>{link}</code>
            <CopyButton text={link} label="Copy the link" />
          </div>
        ) : null}
        {inviting.error || withdrawing.error ? <Problem problem={inviting.error ?? withdrawing.error} /> : null}
        {invites.error ? <Failure problem={invites.error} onRetry={() => invites.refetch()} /> : null}
        {invites.data && invites.data.results.length > 0 ? (
          <Table
            label="Open invitations"
            rows={invites.data.results}
            keyOf={(one) => one.id}
            columns={[
              { name: "Invited", cell: (one) => one.target_email },
              { name: "As", cell: (one) => levelTitle(one.level) },
              { name: "Until", cell: (one) => <Time at={one.expires_at} /> },
              {
                name: "",
                number: true,
                cell: (one) => (
                  <ActionIcon
                    aria-label={`Withdraw the invitation of ${one.target_email}`}
                    onClick={() => withdrawing.mutate(one.id)}
                  >
                    <IconTrash size={15} />
                  </ActionIcon>
                ),
              },
            ]}
          />
        ) : null}
      </div>
    </Panel>
  );
}
