import { Button, Progress } from "@mantine/core";
import { Link } from "wouter";
import { type Demo, isUnderWay, useDemo, useLoadDemo } from "@/api/demo";
import { useProject, useUser } from "@/api/session";
import styles from "@/features/first-run/FirstRunPage.module.css";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Page";
import { Failure, Loading, Problem } from "@/ui/states/States";

const ADMIN = 8; // PostHog's number

/** A project full of a made-up product's events, for whoever has no app at hand. */
export function DemoPanel() {
  const here = useProject();
  const demo = useDemo();
  const loading = useLoadDemo();
  const user = useUser();
  const level = user.data?.organization?.membership_level ?? 0;
  if (demo.data?.project_id === here.id && demo.data.status === "done") return null;
  return (
    <Panel title="Just looking?" padded>
      {demo.error && !demo.data ? (
        <Failure problem={demo.error} onRetry={() => demo.refetch()} />
      ) : !demo.data ? (
        <Loading lines={2} />
      ) : (
        <div className={styles.demo}>
          {demo.data.status === "done" && demo.data.project_id !== null ? (
            <Ready projectId={demo.data.project_id} events={demo.data.events_stored ?? 0} />
          ) : isUnderWay(demo.data) ? (
            <UnderWay demo={demo.data} />
          ) : (
            <>
              <p>
                {demo.data.status === "failed"
                  ? `The demo was interrupted: ${demo.data.problem || "the reason is in the server's log"}.`
                  : "The demo is a project of its own with 60 days of a made-up product: visitors, sign-ups, plans, " +
                    "teams and errors. It takes about two minutes, and you can delete it like any project."}
              </p>
              <Button
                variant="default"
                disabled={level < ADMIN}
                loading={loading.isPending}
                onClick={() => loading.mutate()}
              >
                {demo.data.status === "failed" ? "Go on with the demo" : "Load the demo"}
              </Button>
              {level < ADMIN ? <p className="quiet">An admin of the organization can load it.</p> : null}
            </>
          )}
          {loading.error ? <Problem problem={loading.error} /> : null}
        </div>
      )}
    </Panel>
  );
}

function UnderWay({ demo }: { demo: Demo }) {
  const days = Math.max(1, demo.days ?? 1);
  const sent = Math.max(1, demo.events_sent ?? 1);
  const sending = demo.status === "sending";
  const percent = sending ? (90 * (demo.days_sent ?? 0)) / days : 90 + (10 * (demo.events_stored ?? 0)) / sent;
  return (
    <>
      <p role="status">
        {sending
          ? `Loading the demo: day ${demo.days_sent ?? 0} of ${days}, ${formatCount(demo.events_sent ?? 0)} events.`
          : `Storing the last of ${formatCount(demo.events_sent ?? 0)} events.`}{" "}
        <span className="quiet">You can leave this page; it goes on by itself.</span>
      </p>
      <Progress className={styles.bar} value={Math.min(100, percent)} aria-label="Loading the demo" />
    </>
  );
}

function Ready({ projectId, events }: { projectId: number; events: number }) {
  return (
    <>
      <p>The demo project is there, with {formatCount(events)} events.</p>
      <div className={styles.next}>
        <Button component={Link} href={`/project/${projectId}/insight`}>
          See a chart
        </Button>
        <Button component={Link} href={`/project/${projectId}/web`} variant="default">
          Web analytics
        </Button>
      </div>
    </>
  );
}
