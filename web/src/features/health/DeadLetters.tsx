import { useDeadLetters } from "@/api/health";
import styles from "@/features/health/HealthPage.module.css";
import { formatBytes } from "@/ui/format";
import { Panel } from "@/ui/Page";
import { Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";

/** Records that could not be read: why, and how they began. They never hold up the others. */
export function DeadLetters() {
  const asked = useDeadLetters();
  return (
    <Panel title="Dead letters">
      {asked.error ? (
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      ) : !asked.data ? (
        <Loading lines={3} />
      ) : (
        asked.data.results.map((letter) => (
          <details key={letter.id} className={styles.drop}>
            <summary>
              <span>{letter.reason.replaceAll("_", " ")}</span>
              <Time at={letter.received_at} form="ago" />
            </summary>
            {letter.detail ? <p>{letter.detail}</p> : null}
            <p className="quiet">{formatBytes(letter.payload_bytes)}, which begin:</p>
            <pre className={styles.payload}>{letter.payload}</pre>
          </details>
        ))
      )}
    </Panel>
  );
}
