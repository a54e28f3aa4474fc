import type { ReactNode } from "react";
import { type Health, useHealth } from "@/api/health";
import styles from "@/features/health/HealthPage.module.css";
import { formatBytes, formatCount, formatDuration } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";

const SLOW_BACKLOG = 30; // seconds behind that deserve attention

export default function HealthPage() {
  const health = useHealth();
  return (
    <Page
      title="Health"
      about="What came in, what was left out and why, and how far processing is behind. Of the whole server."
    >
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
  const dropped = Object.entries(health.dropped ?? {}).sort(([, a], [, b]) => b - a);
  const total = dropped.reduce((sum, [, count]) => sum + count, 0);
  const disk = Object.entries(health.disk ?? {}).sort(([, a], [, b]) => b - a);
  const behind = health.backlog_seconds ?? 0;
  return (
    <>
      <Panel>
        <dl className={styles.figures}>
          <Figure title="Accepted events" value={formatCount(health.accepted_events ?? 0)}>
            {health.started_at ? (
              <>
                since <Time at={health.started_at} form="ago" />
              </>
            ) : null}
          </Figure>
          <Figure title="Inserted events" value={formatCount(health.inserted_events ?? 0)}>
            {health.insert_rate !== undefined
              ? `${formatCount(Math.round(health.insert_rate * 10) / 10)} a second`
              : null}
          </Figure>
          <Figure title="Dropped" value={formatCount(total)}>
            by {dropped.length} {dropped.length === 1 ? "reason" : "reasons"}
          </Figure>
          <Figure title="Behind by" value={formatDuration(behind)} bad={behind > SLOW_BACKLOG}>
            {formatBytes(health.backlog_bytes ?? 0)} waiting
          </Figure>
          <Figure
            title="Dead letters"
            value={formatCount(health.dead_letters ?? 0)}
            bad={(health.dead_letters ?? 0) > 0}
          >
            records that could not be read
          </Figure>
        </dl>
      </Panel>
      <div className={styles.columns}>
        <Panel title="Dropped by reason">
          {dropped.length === 0 ? (
            <Empty title="Nothing was dropped">Whatever is left out is counted here, with its reason.</Empty>
          ) : (
            <Pairs pairs={dropped.map(([reason, count]) => [reason.replaceAll("_", " "), formatCount(count)])} />
          )}
        </Panel>
        <Panel title="Disk">
          <Pairs
            pairs={[
              ...disk.map(([kind, bytes]) => [kind, formatBytes(bytes)] as [string, string]),
              ...(health.disk_free_bytes !== undefined
                ? [["free", formatBytes(health.disk_free_bytes)] as [string, string]]
                : []),
            ]}
          />
        </Panel>
        <Panel title="Versions">
          <Pairs pairs={Object.entries(health.versions ?? {})} />
        </Panel>
      </div>
    </>
  );
}

function Figure({ title, value, bad, children }: { title: string; value: string; bad?: boolean; children: ReactNode }) {
  return (
    <div className={styles.figure} data-bad={bad || undefined}>
      <dt>{title}</dt>
      <dd>{value}</dd>
      <small>{children}</small>
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
