import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { type PropertyChange, usePropertyHistory } from "@/api/personHistory";
import { useProjectPath } from "@/api/session";
import styles from "@/features/persons/persons.module.css";
import { formatValue } from "@/ui/format";
import { Pages } from "@/ui/lists/Pages";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

const A_PAGE = 50;

const HOW: Record<PropertyChange["operation"], string> = {
  set: "set",
  set_once: "set once",
  unset: "removed",
  merged: "came with a merge",
  other: "split, undone or trimmed",
};

interface PropertyHistoryProps {
  personId: string;
  property: string;
  onProperty: (key: string) => void;
}

/** Who set what when: of all properties, or of one. */
export function PropertyHistory({ personId, property, onProperty }: PropertyHistoryProps) {
  const path = useProjectPath();
  const [offset, setOffset] = useState(0);
  const asked = usePropertyHistory(personId, property, offset, A_PAGE);
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={8} />;
  const { results, truncated, next } = asked.data;
  const choose = (key: string) => {
    setOffset(0);
    onProperty(key);
  };
  return (
    <>
      {property ? (
        <p className={styles.note}>
          Only <code>{property}</code>.{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => choose("")}>
            Show all properties
          </Button>
        </p>
      ) : null}
      {results.length === 0 ? (
        <Empty title="No changes">No event has set {property ? "this property" : "a property"} of this person.</Empty>
      ) : (
        <Table
          label="Changes of properties"
          rows={results}
          keyOf={(_, at) => offset + at}
          columns={[
            {
              name: "Property",
              cell: (change) => (
                <button type="button" className={styles.key} onClick={() => choose(change.key)}>
                  {change.key}
                </button>
              ),
            },
            { name: "To", cell: (change) => <Value value={change.value} /> },
            { name: "From", cell: (change) => <Value value={change.previous} /> },
            { name: "How", cell: (change) => HOW[change.operation] },
            {
              name: "By",
              cell: (change) =>
                change.event_uuid ? (
                  <Link href={path("activity", { uuid: change.event_uuid })}>{change.changed_by ?? change.event}</Link>
                ) : (
                  (change.changed_by ?? change.event ?? "–")
                ),
            },
            { name: "When", cell: (change) => <Time at={change.timestamp} /> },
            { name: "Distinct id", cell: (change) => <code>{change.distinct_id ?? "–"}</code> },
          ]}
        />
      )}
      <Pages offset={offset} size={A_PAGE} more={Boolean(next)} onOffset={setOffset} back="Newer" next="Older" inside />
      {truncated ? <p className={styles.note}>This person has older changes than are shown here.</p> : null}
    </>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span className="quiet">–</span>;
  return <>{typeof value === "object" ? JSON.stringify(value) : formatValue(value)}</>;
}
