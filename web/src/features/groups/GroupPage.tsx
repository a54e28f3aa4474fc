import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { ApiError, request } from "@/api/client";
import { type Group, removeGroupProperty, setGroupProperties, useGroupTypes } from "@/api/persons";
import { rowsAsObjects, useAnswer } from "@/api/query";
import { useProject, useProjectPath } from "@/api/session";
import { RelatedOfGroup } from "@/features/groups/RelatedOfGroup";
import { formatValue } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { PropertyTable } from "@/ui/tables/PropertyTable";
import { Table } from "@/ui/tables/Table";

/** All events of one group, by day. */
const trendOf = (index: number, groupKey: string) =>
  JSON.stringify({
    kind: "TrendsQuery",
    series: [{ kind: "EventsNode", event: null, name: "All events" }],
    dateRange: { date_from: "-30d" },
    properties: [{ type: "event_metadata", key: `$group_${index}`, operator: "exact", value: [groupKey] }],
  });

export default function GroupPage() {
  const params = useParams<{ index: string; key: string }>();
  const key = decodeURIComponent(params.key);
  const index = Number(params.index);
  const { id } = useProject();
  const path = useProjectPath();
  const queries = useQueryClient();
  const group = useQuery({
    queryKey: ["group", id, index, key],
    queryFn: ({ signal }) =>
      request<Group>(`/api/projects/${id}/groups/find/`, {
        signal,
        params: { group_type_index: index, group_key: key },
      }),
  });
  // Events can name a group of which no SDK has told any property.
  const unknown = group.error instanceof ApiError && group.error.status === 404;
  const type = useGroupTypes().data?.find((one) => one.group_type_index === index);
  const changed = () => queries.invalidateQueries({ queryKey: ["group", id, index, key] });
  const name = formatValue(group.data?.group_properties.name) || key;
  return (
    <Page
      title={name}
      about={
        <>
          {type ? `${type.name_singular || type.group_type} ` : ""}
          <code>{key}</code>
          {group.data ? (
            <>
              , first seen <Time at={group.data.created_at} form="ago" />
            </>
          ) : null}
        </>
      }
      actions={
        <Button component={Link} variant="default" href={path("insight", { q: trendOf(index, key) })}>
          See as a chart
        </Button>
      }
    >
      <Panel title="Properties">
        {group.error && !unknown ? (
          <Failure problem={group.error} onRetry={() => group.refetch()} />
        ) : group.data || unknown ? (
          <PropertyTable
            properties={group.data?.group_properties ?? {}}
            edits={{
              set: (name, value) => setGroupProperties(id, index, key, { [name]: value }).then(changed),
              remove: (name) => removeGroupProperty(id, index, key, name).then(changed),
            }}
          />
        ) : (
          <Loading />
        )}
      </Panel>
      <RelatedOfGroup index={index} groupKey={key} />
      <Panel title="Events">
        <GroupEvents index={index} groupKey={key} />
      </Panel>
    </Page>
  );
}

function GroupEvents({ index, groupKey }: { index: number; groupKey: string }) {
  const path = useProjectPath();
  // The column's name is made of a number, and only five exist.
  const column = `$group_${Math.min(4, Math.max(0, Math.trunc(index) || 0))}`;
  const asked = useAnswer<unknown[][]>({
    kind: "HogQLQuery",
    query: `SELECT uuid, event, timestamp, distinct_id, person_id FROM events WHERE ${column} = {key} ORDER BY timestamp DESC LIMIT 100`,
    values: { key: groupKey },
  });
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading />;
  const rows = rowsAsObjects(asked.data);
  if (rows.length === 0) return <Empty title="No events of this group" />;
  return (
    <Table
      label="Events of this group"
      rows={rows}
      keyOf={(row) => String(row.uuid)}
      columns={[
        {
          name: "Event",
          cell: (row) => <Link href={path("activity", { uuid: String(row.uuid) })}>{String(row.event)}</Link>,
        },
        {
          name: "Person",
          cell: (row) => <Link href={path(`persons/${row.person_id}`)}>{String(row.distinct_id)}</Link>,
        },
        { name: "Time", cell: (row) => <Time at={String(row.timestamp)} /> },
      ]}
    />
  );
}
