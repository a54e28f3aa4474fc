import { useWarnings } from "@/api/warnings";
import { MEANINGS } from "@/features/warnings/meanings";
import { OneWarning } from "@/features/warnings/OneWarning";
import styles from "@/features/warnings/warnings.module.css";
import { formatCount } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";

export default function WarningsPage() {
  const asked = useWarnings();
  const kinds = asked.data?.results ?? [];
  return (
    <Page title="Ingestion warnings" about="What was wrong with events that came in, and what was done with them.">
      <Panel>
        {asked.error ? (
          <Failure problem={asked.error} onRetry={() => asked.refetch()} />
        ) : asked.isPending ? (
          <Loading />
        ) : kinds.length === 0 ? (
          <Empty title="No warnings">Every event of the last 30 days was taken as it came.</Empty>
        ) : (
          kinds.map((kind) => {
            const meaning = MEANINGS[kind.type];
            return (
              <details key={kind.type} className={styles.kind} open={kinds.length === 1}>
                <summary>
                  <strong>{meaning?.title ?? kind.type.replaceAll("_", " ")}</strong>
                  <span>{formatCount(kind.count)}×</span>
                  <span className="quiet">
                    last <Time at={kind.lastSeen} form="ago" />
                  </span>
                </summary>
                {meaning ? <p>{meaning.advice}</p> : null}
                {kind.warnings.map((warning, at) => (
                  <OneWarning key={`${warning.timestamp}-${at}`} warning={warning} />
                ))}
                {kind.count > kind.warnings.length ? (
                  <p>The newest {formatCount(kind.warnings.length)} are shown.</p>
                ) : null}
              </details>
            );
          })
        )}
      </Panel>
    </Page>
  );
}
