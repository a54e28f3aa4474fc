import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { ask, rowsAsObjects } from "@/api/query";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/activity/ActivityPage.module.css";
import { CopyButton } from "@/ui/CopyButton";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { PropertyTable, propertiesFrom } from "@/ui/tables/PropertyTable";

const ONE_EVENT =
  "SELECT event, timestamp, distinct_id, person_id, properties, elements_chain FROM events WHERE uuid = {uuid} LIMIT 1";

/** One event in full, beside the list. */
export function EventPanel({ uuid, onClose }: { uuid: string; onClose: () => void }) {
  const { id } = useProject();
  const path = useProjectPath();
  const asked = useQuery({
    queryKey: ["event", id, uuid],
    queryFn: async ({ signal }) =>
      rowsAsObjects(
        await ask<unknown[][]>(id, { kind: "HogQLQuery", query: ONE_EVENT, values: { uuid } }, signal),
      )[0] ?? null,
    enabled: uuid !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const event = asked.data;
  const properties = propertiesFrom(event?.properties);
  return (
    <Drawer
      opened={uuid !== ""}
      onClose={onClose}
      position="right"
      size={560}
      title={<strong className={styles.panelTitle}>{event ? String(event.event) : "Event"}</strong>}
      padding={0}
      overlayProps={{ backgroundOpacity: 0.15 }}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ header: styles.panelHeader }}
    >
      {asked.isPending ? (
        <Loading lines={12} />
      ) : asked.error ? (
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      ) : !event ? (
        <Empty title="This event is not here">It may be of another project, or was deleted.</Empty>
      ) : (
        <>
          <div className={styles.facts}>
            <span>
              <Time at={String(event.timestamp)} />
            </span>
            <Link href={path(`persons/${event.person_id}`)}>{String(event.distinct_id)}</Link>
            <span className={styles.uuid}>
              <code>{uuid}</code>
              <CopyButton
                text={JSON.stringify({ uuid, ...event, properties }, null, 2)}
                label="Copy the event as JSON"
              />
            </span>
          </div>
          <PropertyTable properties={properties} />
        </>
      )}
    </Drawer>
  );
}
