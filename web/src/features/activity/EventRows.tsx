import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { useProjectPath } from "@/api/session";
import styles from "@/features/activity/ActivityPage.module.css";
import type { LiveEvent } from "@/features/activity/useLiveEvents";
import { Time } from "@/ui/Time";

interface EventRowsProps {
  events: LiveEvent[];
  chosen: string;
  onChoose: (uuid: string) => void;
}

/** The list of events; those that came since the last look are tinted for a moment. */
export function EventRows({ events, chosen, onChoose }: EventRowsProps) {
  const path = useProjectPath();
  const seen = useRef<Set<string> | null>(null);
  const known = seen.current;
  useEffect(() => {
    seen.current = new Set(events.map((event) => event.uuid));
  }, [events]);
  return (
    <table className={styles.rows}>
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">Person</th>
          <th scope="col" className={styles.wide}>
            Where
          </th>
          <th scope="col" className={styles.wide}>
            Library
          </th>
          <th scope="col">Time</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr
            key={event.uuid}
            data-new={(known !== null && !known.has(event.uuid)) || undefined}
            data-chosen={event.uuid === chosen || undefined}
          >
            <td>
              <button type="button" className={styles.event} onClick={() => onChoose(event.uuid)} title={event.event}>
                {event.event}
              </button>
            </td>
            <td>
              <Link href={path(`persons/${event.personId}`)} className={styles.clip} title={event.distinctId}>
                {event.distinctId}
              </Link>
            </td>
            <td className={`${styles.wide} ${styles.clip} quiet`} title={event.url}>
              {event.url}
            </td>
            <td className={`${styles.wide} quiet`}>{event.lib}</td>
            <td className={styles.time}>
              <Time at={event.timestamp} form="ago" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
