import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { Link, useLocation, useParams } from "wouter";
import { useGroups, useGroupTypes } from "@/api/persons";
import { useProjectPath } from "@/api/session";
import styles from "@/features/groups/groups.module.css";
import { formatCount, formatValue } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";
import { useUrlOffset, useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

export default function GroupsPage() {
  const params = useParams<{ index?: string }>();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const [search, setSearch] = useUrlText("search");
  const [, setOffset] = useUrlOffset();
  const types = useGroupTypes();
  const first = types.data?.[0]?.group_type_index;
  const index = params.index !== undefined ? Number(params.index) : first;

  return (
    <Page title="Groups" about="Companies, teams, stores: what several people belong to together.">
      {types.error ? (
        <Panel>
          <Failure problem={types.error} onRetry={() => types.refetch()} />
        </Panel>
      ) : !types.data ? (
        <Panel>
          <Loading lines={10} />
        </Panel>
      ) : types.data.length === 0 || index === undefined ? (
        <Panel>
          <Empty title="No groups yet">
            Call <code>posthog.group("company", "acme", {"{ name: 'Acme' }"})</code> and the next events belong to that
            company as well.
          </Empty>
        </Panel>
      ) : (
        <>
          <div className={styles.filters}>
            <SegmentedControl
              size="xs"
              aria-label="Kind of group"
              data={types.data.map((type) => ({
                value: String(type.group_type_index),
                label: type.name_plural || type.group_type,
              }))}
              value={String(index)}
              onChange={(next) => navigate(path(`groups/${next}`))}
            />
            <TextInput
              size="xs"
              className={styles.search}
              aria-label="Search groups"
              placeholder="Name or key"
              defaultValue={search}
              onChange={(event) => {
                setOffset(0);
                setSearch(event.currentTarget.value.trim());
              }}
            />
          </div>
          <Panel>
            <GroupList index={index} search={search} />
          </Panel>
        </>
      )}
    </Page>
  );
}

function GroupList({ index, search }: { index: number; search: string }) {
  const path = useProjectPath();
  const [offset, setOffset] = useUrlOffset();
  const groups = useGroups(index, search, offset, A_PAGE);
  if (groups.error) return <Failure problem={groups.error} onRetry={() => groups.refetch()} />;
  if (!groups.data) return <Loading lines={10} />;
  if (groups.data.results.length === 0) return <Empty title={search ? "No group matches" : "No group of this kind"} />;
  return (
    <>
      <Table
        label="Groups"
        rows={groups.data.results}
        keyOf={(group) => group.group_key}
        columns={[
          {
            name: "Group",
            cell: (group) => (
              <Link href={path(`groups/${index}/${encodeURIComponent(group.group_key)}`)}>
                {formatValue(group.group_properties.name) || group.group_key}
              </Link>
            ),
          },
          { name: "Key", cell: (group) => <code>{group.group_key}</code> },
          {
            name: "Properties",
            number: true,
            cell: (group) => formatCount(Object.keys(group.group_properties).length),
          },
          { name: "First seen", cell: (group) => <Time at={group.created_at} form="ago" /> },
        ]}
      />
      {offset > 0 || groups.data.next ? (
        <div className={styles.pages}>
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(offset - A_PAGE)}>
            Back
          </Button>
          <Button variant="default" disabled={!groups.data.next} onClick={() => setOffset(offset + A_PAGE)}>
            Next
          </Button>
        </div>
      ) : null}
    </>
  );
}
