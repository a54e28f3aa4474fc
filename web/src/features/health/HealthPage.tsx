import type { ReactNode } from "react";
import { type Drop, type Health, useHealth } from "@/api/health";
import { DeadLetters } from "@/features/health/DeadLetters";
import styles from "@/features/health/HealthPage.module.css";
import { formatBytes, formatCount, formatDuration } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";

const SLOW_BACKLOG = 30; // seconds behind that deserve attention

export default function HealthPage() {
  const health = useHealth();
  return (
    <Page title="Health" about="What came in, what was left out and why, and how far processing is behind.">
      {health.error && health.data ? <Problem problem={health.error} /> : null}
      {health.data ? (
        <Figures health={health.data} />
      ) : health.error ? (
        <Failure problem={health.error} onRetry={() => health.refetch()} />
      ) : (
        <Panel>
          <Loading />
        </Panel>
      )}
    </Page>
  );
}

function Figures({ health }: { health: Health }) {
  const { accepted, backlog, disk, dropped } = health;
  const total = dropped.reduce((sum, drop) => sum + drop.count, 0);
  const kinds = Object.entries(disk.kinds).sort(([, a], [, b]) => b - a);
  return (
    <>
      {health.problems.map((text) => (
        <Problem key={text} problem={new Error(text)} />
      ))}
      <Panel>
        <dl className={styles.figures}>
          <Figure title="Events stored" value={accepted.total === null ? "–" : formatCount(accepted.total)}>
            {accepted.newest ? (
              <>
                newest <Time at={accepted.newest} form="ago" />
              </>
            ) : (
              "none yet"
            )}
          </Figure>
          <Figure title="In the last hour" value={formatCount(accepted.last_hour ?? 0)}>
            {formatCount(accepted.last_day ?? 0)} in the last day
          </Figure>
          <Figure title="Insert rate" value={formatCount(Math.round(health.insert_rate * 10) / 10)}>
            events a second
          </Figure>
          <Figure title="Dropped" value={formatCount(total)}>
            in the last 7 days
          </Figure>
          <Figure title="Behind by" value={formatDuration(backlog.seconds)} bad={backlog.seconds > SLOW_BACKLOG}>
            {formatBytes(backlog.bytes)} waiting
          </Figure>
          <Figure title="Dead letters" value={formatCount(health.dead_letters)} bad={health.dead_letters > 0}>
            could not be read
          </Figure>
        </dl>
      </Panel>
      {health.dead_letters > 0 ? <DeadLetters /> : null}
      <div className={styles.columns}>
        <Panel title="Dropped by reason">
          {dropped.length === 0 ? (
            <Empty title="Nothing was dropped">Whatever is left out is counted here, with its reason.</Empty>
          ) : (
            dropped.map((drop) => <DropReason key={drop.reason} drop={drop} />)
          )}
        </Panel>
        <Panel title="Disk">
          <Pairs
            pairs={[
              ...kinds.map(([kind, bytes]): [string, string] => [kind, formatBytes(bytes)]),
              ["free", `${formatBytes(disk.free)} of ${formatBytes(disk.total)}`],
            ]}
          />
        </Panel>
        <Panel title="Versions">
          <Pairs pairs={Object.entries(health.versions)} />
        </Panel>
      </div>
    </>
  );
}

/** A reason, how often, and the last few events it hit. */
function DropReason({ drop }: { drop: Drop }) {
  return (
    <details className={styles.drop}>
      <summary>
        <span>{drop.reason.replaceAll("_", " ")}</span>
        <span>{formatCount(drop.count)}</span>
      </summary>
      {drop.meaning ? <p>{drop.meaning.replaceAll("`", "")}</p> : null}
      {drop.samples.map((sample, at) => (
        <p key={at}>
          <Time at={sample.received_at} form="ago" /> · <strong>{sample.event ?? "?"}</strong> from{" "}
          {sample.distinct_id ?? "?"}
          {sample.detail ? `: ${sample.detail}` : ""}
        </p>
      ))}
    </details>
  );
}

function Figure({ title, value, bad, children }: { title: string; value: string; bad?: boolean; children: ReactNode }) {
  return (
    <div className={styles.figure} data-bad={bad || undefined}>
      <dt>{title}</dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.more}>{children}</dd>
    </div>
  );
}

function Pairs({ pairs }: { pairs: [string, string][] }) {
  return (
    <dl className={styles.list}>
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
