import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { endOtherSessions, endSession, useSessions } from "@/api/session";
import styles from "@/features/settings/SettingsPage.module.css";
import { Panel } from "@/ui/Page";
import { Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

/** Browser and system out of a user agent; the whole text is in the title. */
function inShort(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari|curl)\/[\d.]+/.exec(agent)?.[1] ?? "";
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|CrOS|Linux)/.exec(agent)?.[1] ?? "";
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS", CrOS: "ChromeOS" };
  const said = [browser, system].filter(Boolean).map((word) => names[word] ?? word);
  return said.join(" on ") || agent.slice(0, 60) || "Unknown";
}

export function Sessions() {
  const sessions = useSessions();
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["sessions"] });
  const ending = useMutation({ mutationFn: endSession, onSuccess: again });
  const endingAll = useMutation({ mutationFn: endOtherSessions, onSuccess: again });
  const others = sessions.data?.some((one) => !one.current) ?? false;
  return (
    <Panel
      title="Where you are signed in"
      actions={
        others ? (
          <Button variant="default" loading={endingAll.isPending} onClick={() => endingAll.mutate()}>
            Sign out everywhere else
          </Button>
        ) : null
      }
    >
      {sessions.data ? (
        <Table
          label="Sessions"
          rows={sessions.data}
          keyOf={(one) => one.id}
          columns={[
            { name: "Browser", cell: (one) => <span title={one.user_agent}>{inShort(one.user_agent)}</span> },
            { name: "Last used", cell: (one) => <Time at={one.last_seen_at} form="ago" /> },
            { name: "Since", cell: (one) => <Time at={one.created_at} form="ago" /> },
            {
              name: "",
              number: true,
              cell: (one) =>
                one.current ? (
                  <span className="quiet">this one</span>
                ) : (
                  <Button variant="subtle" onClick={() => ending.mutate(one.id)}>
                    Sign out
                  </Button>
                ),
            },
          ]}
        />
      ) : sessions.error ? (
        <Failure problem={sessions.error} onRetry={() => sessions.refetch()} />
      ) : (
        <Loading lines={2} />
      )}
      {ending.error || endingAll.error ? (
        <div className={styles.pad}>
          <Problem problem={ending.error ?? endingAll.error} />
        </div>
      ) : null}
    </Panel>
  );
}
