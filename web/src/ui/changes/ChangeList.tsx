import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { type Change, type ChangesOf, SCOPES, useChanges } from "@/api/changes";
import { useProjectPath } from "@/api/session";
import styles from "@/ui/changes/changes.module.css";
import { fieldInWords, whoChanged, worthTelling } from "@/ui/changes/words";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";

const A_PAGE = 30;

interface ChangeListProps {
  of: ChangesOf;
}

/** Who changed what, the newest first. */
export function ChangeList({ of }: ChangeListProps) {
  const [page, setPage] = useState(1);
  const changes = useChanges(of, page, A_PAGE);
  if (changes.error) return <Failure problem={changes.error} onRetry={() => changes.refetch()} />;
  if (!changes.data) return <Loading lines={8} />;
  if (changes.data.results.length === 0 && page === 1) {
    return <Empty title="No changes yet">What users change is listed here, with who did it and when.</Empty>;
  }
  return (
    <>
      <ul className={styles.list}>
        {changes.data.results.map((change) => (
          <li key={change.id}>
            <div className={styles.head}>
              <span>
                <strong>{whoChanged(change)}</strong> {change.activity}{" "}
                {of.itemId === undefined ? (
                  <>
                    {SCOPES[change.scope] ?? change.scope} <Thing change={change} />
                  </>
                ) : null}
              </span>
              <span className="quiet">
                <Time at={change.created_at} form="ago" />
              </span>
            </div>
            {worthTelling(change).length > 0 ? (
              <ul className={styles.fields}>
                {worthTelling(change).map((one) => (
                  <li key={one.field}>{fieldInWords(one)}</li>
                ))}
              </ul>
            ) : null}
          </li>
        ))}
      </ul>
      {page > 1 || changes.data.next ? (
        <div className={styles.pages}>
          <Button variant="default" disabled={page === 1} onClick={() => setPage(page - 1)}>
            Newer
          </Button>
          <Button variant="default" disabled={!changes.data.next} onClick={() => setPage(page + 1)}>
            Older
          </Button>
        </div>
      ) : null}
    </>
  );
}

const PLACES: Record<string, (change: Change) => string | null> = {
  Insight: ({ detail }) => (detail.short_id ? `insights/${detail.short_id}` : null),
  Dashboard: ({ item_id }) => `dashboards/${item_id}`,
  Cohort: ({ item_id }) => `cohorts/${item_id}`,
  Action: ({ item_id }) => `actions/${item_id}`,
};

/** The name of what was changed, as a link to it where it has a page and is not gone. */
function Thing({ change }: { change: Change }) {
  const path = useProjectPath();
  const name = change.detail.name || "Untitled";
  const place = change.activity === "deleted" ? null : PLACES[change.scope]?.(change);
  return place ? <Link href={path(place)}>{name}</Link> : <span>{name}</span>;
}
