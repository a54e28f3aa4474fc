import { ActionIcon, CloseButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useEffect, useMemo, useRef } from "react";
import { useEventDefinitions, usePropertyDefinitions } from "@/api/definitions";
import { useProject } from "@/api/session";
import { useSavedSql } from "@/api/sql";
import { HistoryMenu, SavedMenu } from "@/features/sql/SqlMenus";
import styles from "@/features/sql/SqlPage.module.css";
import { SqlTabView } from "@/features/sql/SqlTabView";
import { schemaOf, useDatabaseSchema, wordsOf } from "@/features/sql/schema";
import { newTab, type SqlTab, useWorkspace } from "@/features/sql/workspace";
import { Page } from "@/ui/Page";
import { useUrlText } from "@/ui/useUrlState";

const FIRST =
  "SELECT event, count() AS events, count(DISTINCT person_id) AS persons\nFROM events\nGROUP BY event\nORDER BY events DESC";

export default function SqlPage() {
  const project = useProject();
  const [linked, setLinked] = useUrlText("q");
  const [insight] = useUrlText("insight");
  const work = useWorkspace(project.id, FIRST, linked);
  const database = useDatabaseSchema();
  const events = useEventDefinitions();
  const properties = usePropertyDefinitions("event");
  const persons = usePropertyDefinitions("person");
  const saved = useSavedSql();
  const completion = useMemo(() => {
    const names = {
      events: (events.data?.results ?? []).map((event) => event.name),
      eventProperties: (properties.data?.results ?? []).map((property) => property.name),
      personProperties: (persons.data?.results ?? []).map((property) => property.name),
    };
    return { schema: schemaOf(database.data, names), words: wordsOf(database.data, names) };
  }, [database.data, properties.data, persons.data, events.data]);

  // A link to a saved question opens it, once.
  const opened = useRef("");
  useEffect(() => {
    const wanted = saved.data?.find((one) => one.shortId === insight);
    if (!wanted || opened.current === insight) return;
    opened.current = insight;
    const known = work.tabs.find((tab) => tab.insight === insight);
    if (known) work.look(known.id);
    else work.open(newTab(wanted.text, wanted.name, wanted.shortId));
  }, [saved.data, insight, work]);

  const active = work.tabs.find((tab) => tab.id === work.active);
  const nameOf = (tab: SqlTab) => (tab.insight ? tab.title : `${tab.title} ${work.tabs.indexOf(tab) + 1}`);
  return (
    <Page
      title="SQL"
      full
      actions={
        <>
          <SavedMenu onPick={(one) => work.open(newTab(one.text, one.name, one.shortId))} />
          <HistoryMenu runs={work.runs} onPick={(text) => work.open(newTab(text))} />
        </>
      }
    >
      <div className={styles.tabs}>
        <div className={styles.tabs} role="tablist" aria-label="Questions">
          {work.tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              className={styles.tab}
              id={`tab-${tab.id}`}
              aria-selected={tab.id === work.active}
              aria-controls={`panel-${tab.id}`}
              onClick={() => work.look(tab.id)}
            >
              {nameOf(tab)}
            </button>
          ))}
        </div>
        {active ? (
          <CloseButton size="sm" aria-label={`Close ${nameOf(active)}`} onClick={() => work.close(active.id)} />
        ) : null}
        <ActionIcon aria-label="New tab" onClick={() => work.open(newTab(""))}>
          <IconPlus size={15} />
        </ActionIcon>
      </div>
      {work.tabs.map((tab) => (
        <div
          key={tab.id}
          id={`panel-${tab.id}`}
          role="tabpanel"
          aria-labelledby={`tab-${tab.id}`}
          className={styles.panel}
          hidden={tab.id !== work.active}
        >
          <SqlTabView
            tab={tab}
            completion={completion}
            onChange={(changes) => work.change(tab.id, changes)}
            onStart={setLinked}
            onDone={work.remember}
          />
        </div>
      ))}
    </Page>
  );
}
