import { Button, Tabs } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { ask } from "@/api/query";
import { useProject, useProjectPath } from "@/api/session";
import { DemoPanel } from "@/features/first-run/DemoPanel";
import styles from "@/features/first-run/FirstRunPage.module.css";
import { waysToSend } from "@/features/first-run/snippets";
import { CopyButton } from "@/ui/CopyButton";
import { Page, Panel } from "@/ui/Page";
import { Snippet } from "@/ui/Snippet";
import { Time } from "@/ui/Time";

const ANY = "SELECT event, timestamp, distinct_id FROM events LIMIT 1";
const ASK_EVERY = 1500; // milliseconds, until there is an event

interface Arrived {
  event: string;
  at: string;
  distinctId: string;
}

/** The first event of the project, asked for until there is one. */
function useFirstEvent() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["first-event", id],
    queryFn: async ({ signal }): Promise<Arrived | null> => {
      const answer = await ask<string[][]>(id, { kind: "HogQLQuery", query: ANY }, signal, "force_blocking");
      const [event, at, distinctId] = answer.results[0] ?? [];
      return event === undefined ? null : { event, at: at ?? "", distinctId: distinctId ?? "" };
    },
    refetchInterval: (query) => (query.state.data ? false : ASK_EVERY),
    retry: true,
  });
}

export default function FirstRunPage() {
  const project = useProject();
  const path = useProjectPath();
  const first = useFirstEvent();
  const [way, setWay] = useState<string | null>("web");
  const ways = waysToSend(project.api_token, window.location.origin);
  const arrived = first.data ?? null;
  return (
    <Page
      title="Send events"
      about="Choose where your events come from. The key of this project is in every snippet already."
    >
      <div
        className={arrived ? `${styles.status} ${styles.green}` : styles.status}
        role="status"
        data-arrived={arrived !== null}
      >
        {arrived ? <IconCircleCheckFilled size={22} aria-hidden /> : <span className={styles.pulse} aria-hidden />}
        {arrived ? (
          <p>
            <strong>Events are arriving.</strong>{" "}
            <span>
              <code>{arrived.event}</code> from {arrived.distinctId}, <Time at={arrived.at} form="ago" />
            </span>
          </p>
        ) : (
          <p>
            <strong>Waiting for the first event.</strong>{" "}
            <span>This turns green by itself as soon as one is here.</span>
          </p>
        )}
        {arrived ? (
          <div className={styles.next}>
            <Button component={Link} href={path("activity")}>
              See it
            </Button>
            <Button component={Link} href={path("insight")} variant="default">
              Make a chart
            </Button>
          </div>
        ) : null}
      </div>

      <Panel padded>
        <dl className={styles.keys}>
          <div>
            <dt>Project key</dt>
            <dd>
              <code>{project.api_token}</code>
              <CopyButton text={project.api_token} label="Copy the project key" />
            </dd>
          </div>
          <div>
            <dt>Host</dt>
            <dd>
              <code>{window.location.origin}</code>
              <CopyButton text={window.location.origin} label="Copy the host" />
            </dd>
          </div>
        </dl>
      </Panel>

      <Panel padded>
        <Tabs value={way} onChange={setWay} keepMounted={false}>
          <Tabs.List>
            {ways.map((one) => (
              <Tabs.Tab key={one.id} value={one.id}>
                {one.title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {ways.map((one) => (
            <Tabs.Panel key={one.id} value={one.id} className={styles.steps}>
              {one.steps.map((step) => (
                <div key={step.say}>
                  <p>{step.say}</p>
                  <Snippet code={step.code} label={`${one.title}: ${step.say}`} />
                </div>
              ))}
            </Tabs.Panel>
          ))}
        </Tabs>
      </Panel>

      <DemoPanel />
    </Page>
  );
}
