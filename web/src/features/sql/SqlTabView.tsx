import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconDownload, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { drawable } from "@/features/sql/chartable";
import { SaveSql } from "@/features/sql/SaveSql";
import type { SqlEditorProps } from "@/features/sql/SqlEditor";
import styles from "@/features/sql/SqlPage.module.css";
import { SqlResult } from "@/features/sql/SqlResult";
import { placeholdersOf, positionOf, useSqlRun } from "@/features/sql/useSqlRun";
import type { PastRun, SqlTab } from "@/features/sql/workspace";
import { download, toCsv } from "@/ui/csv";
import { Panel } from "@/ui/Page";

const SqlEditor = lazy(() => import("@/features/sql/SqlEditor"));
const SqlChart = lazy(() => import("@/features/sql/SqlChart").then((module) => ({ default: module.SqlChart })));

type Look = "table" | "line" | "bar";

interface SqlTabViewProps {
  tab: SqlTab;
  completion: SqlEditorProps["completion"];
  onChange: (changes: Partial<SqlTab>) => void;
  /** The text was run: it is what the address bar shows. */
  onStart: (text: string) => void;
  onDone: (run: PastRun) => void;
}

/** One tab: the text, the values of its placeholders, and what it answered last. */
export function SqlTabView({ tab, completion, onChange, onStart, onDone }: SqlTabViewProps) {
  const run = useSqlRun(onDone);
  const [look, setLook] = useState<Look>("table");
  const [values, setValues] = useState<Record<string, string>>({});
  const names = placeholdersOf(tab.text);
  const problem = useMemo(() => positionOf(run.problem), [run.problem]);
  const data = useMemo(() => (run.answer ? drawable(run.answer) : null), [run.answer]);
  const start = (text: string) => {
    onStart(text);
    const wanted = placeholdersOf(text);
    run.start(text, Object.fromEntries(wanted.map((name) => [name, values[name] ?? ""])));
  };
  return (
    <>
      <div className={styles.tools}>
        {run.running ? (
          <Button variant="default" color="red" leftSection={<IconPlayerStop size={15} />} onClick={run.cancel}>
            Cancel
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={15} />} onClick={() => start(tab.text)} title="Ctrl Enter">
            Run
          </Button>
        )}
        <SaveSql tab={tab} onSaved={onChange} />
        {names.map((name) => (
          <TextInput
            key={name}
            size="xs"
            w={130}
            aria-label={`Value of ${name}`}
            placeholder={name}
            value={values[name] ?? ""}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        ))}
        <span className={styles.space} />
        {data ? (
          <SegmentedControl
            size="xs"
            aria-label="Show the result as"
            value={look}
            onChange={setLook}
            data={[
              { value: "table", label: "Table" },
              { value: "line", label: "Lines" },
              { value: "bar", label: "Bars" },
            ]}
          />
        ) : null}
        {run.answer ? (
          <Button
            variant="default"
            leftSection={<IconDownload size={15} />}
            disabled={run.running}
            onClick={() => run.answer && download("leanbase.csv", toCsv(run.answer.columns ?? [], run.answer.results))}
          >
            CSV
          </Button>
        ) : null}
      </div>
      <Panel className={styles.editorPanel}>
        <Suspense fallback={null}>
          <SqlEditor
            initial={tab.text}
            completion={completion}
            problem={problem}
            onChange={(text) => onChange({ text })}
            onRun={start}
          />
        </Suspense>
      </Panel>
      <Panel className={styles.result}>
        {data && look !== "table" && !run.problem ? (
          <div className={styles.chart} data-stale={run.running || undefined}>
            <Suspense fallback={null}>
              <SqlChart data={data} form={look} />
            </Suspense>
          </div>
        ) : (
          <SqlResult run={run} />
        )}
      </Panel>
    </>
  );
}
