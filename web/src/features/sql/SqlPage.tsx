import { Button } from "@mantine/core";
import { IconDownload, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { usePropertyDefinitions } from "@/api/definitions";
import styles from "@/features/sql/SqlPage.module.css";
import { SqlResult } from "@/features/sql/SqlResult";
import { schemaOf } from "@/features/sql/schema";
import { positionOf, useSqlRun } from "@/features/sql/useSqlRun";
import { download, toCsv } from "@/ui/csv";
import { Page, Panel } from "@/ui/Page";
import { useUrlText } from "@/ui/useUrlState";

const SqlEditor = lazy(() => import("@/features/sql/SqlEditor"));
const FIRST =
  "SELECT event, count() AS events, count(DISTINCT person_id) AS persons\nFROM events\nGROUP BY event\nORDER BY events DESC";

export default function SqlPage() {
  const [linked, setLinked] = useUrlText("q");
  const [text, setText] = useState(linked || FIRST);
  const run = useSqlRun();
  const events = usePropertyDefinitions("event");
  const persons = usePropertyDefinitions("person");
  const schema = useMemo(
    () =>
      schemaOf(
        (events.data?.results ?? []).map((property) => property.name),
        (persons.data?.results ?? []).map((property) => property.name),
      ),
    [events.data, persons.data],
  );
  const problem = useMemo(() => positionOf(run.problem), [run.problem]);
  const start = (asked: string) => {
    setLinked(asked);
    run.start(asked);
  };
  return (
    <Page
      title="SQL"
      full
      actions={
        <>
          {run.answer ? (
            <Button
              variant="default"
              leftSection={<IconDownload size={15} />}
              disabled={run.running}
              onClick={() =>
                run.answer && download("leanbase.csv", toCsv(run.answer.columns ?? [], run.answer.results))
              }
            >
              CSV
            </Button>
          ) : null}
          {run.running ? (
            <Button variant="default" color="red" leftSection={<IconPlayerStop size={15} />} onClick={run.cancel}>
              Cancel
            </Button>
          ) : (
            <Button leftSection={<IconPlayerPlay size={15} />} onClick={() => start(text)} title="Ctrl Enter">
              Run
            </Button>
          )}
        </>
      }
    >
      <Panel className={styles.editorPanel}>
        <Suspense fallback={null}>
          <SqlEditor initial={text} schema={schema} problem={problem} onChange={setText} onRun={start} />
        </Suspense>
      </Panel>
      <Panel className={styles.result}>
        <SqlResult run={run} />
      </Panel>
    </Page>
  );
}
