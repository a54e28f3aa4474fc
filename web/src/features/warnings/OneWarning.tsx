import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { ApiError, request } from "@/api/client";
import { useProject, useProjectPath } from "@/api/session";
import type { Warning } from "@/api/warnings";
import styles from "@/features/warnings/warnings.module.css";
import { formatValue } from "@/ui/format";
import { Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { PropertyTable } from "@/ui/tables/PropertyTable";

/** One warning: what it says, and the event to blame. */
export function OneWarning({ warning }: { warning: Warning }) {
  const path = useProjectPath();
  const [opened, setOpened] = useState(false);
  const { eventUuid, ...others } = warning.details;
  const event = typeof eventUuid === "string" ? eventUuid : null;
  return (
    <div className={styles.one}>
      <Time at={warning.timestamp} />
      <div className={styles.facts}>
        <dl>
          {Object.entries(others).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {/personId$/i.test(name) && typeof value === "string" ? (
                  <Link href={path(`persons/${value}`, { tab: "ids" })}>{value}</Link>
                ) : (
                  formatValue(value)
                )}
              </dd>
            </div>
          ))}
        </dl>
        {event ? (
          <Button variant="subtle" size="compact-xs" aria-expanded={opened} onClick={() => setOpened(!opened)}>
            {opened ? "Hide the event" : "Show the event"}
          </Button>
        ) : null}
        {opened && event ? <EventToBlame uuid={event} /> : null}
      </div>
    </div>
  );
}

interface StoredEvent {
  event: string;
  distinct_id: string;
  timestamp: string;
  properties: Record<string, unknown>;
}

function EventToBlame({ uuid }: { uuid: string }) {
  const { id } = useProject();
  const path = useProjectPath();
  const asked = useQuery({
    queryKey: ["event to blame", id, uuid],
    queryFn: ({ signal }) => request<StoredEvent>(`/api/projects/${id}/events/${uuid}/`, { signal }),
    retry: false,
  });
  if (asked.error instanceof ApiError && asked.error.status === 404) {
    return (
      <p className="quiet">
        This event is not stored: it was dropped, deleted, or has not arrived yet. Its id is {uuid}.
      </p>
    );
  }
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={4} />;
  return (
    <div className={styles.event}>
      <p>
        <Link href={path("activity", { uuid })}>{asked.data.event}</Link> of <code>{asked.data.distinct_id}</code>,{" "}
        <Time at={asked.data.timestamp} />
      </p>
      <PropertyTable properties={asked.data.properties} />
    </div>
  );
}
