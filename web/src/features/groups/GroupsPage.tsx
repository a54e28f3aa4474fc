import { SegmentedControl } from "@mantine/core";
import { Link, useLocation, useParams } from "wouter";
import { useGroups, useGroupTypes } from "@/api/persons";
import { useProjectPath } from "@/api/session";
import styles from "@/features/groups/groups.module.css";
import { formatCount, formatValue } from "@/ui/format";
import { Listed } from "@/ui/lists/Listed";
import { ListSearch } from "@/ui/lists/ListSearch";
import { Pages } from "@/ui/lists/Pages";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
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
            <ListSearch
              what="groups"
              placeholder="Name or key"
              value={search}
              onChange={(text) => {
                setOffset(0);
                setSearch(text);
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
  return (
    <>
      <Listed
        asked={groups}
        lines={10}
        empty={<Empty title={search ? "No group matches" : "No group of this kind"} />}
        label="Groups"
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
      <Pages offset={offset} size={A_PAGE} more={Boolean(groups.data?.next)} onOffset={setOffset} inside />
    </>
  );
}
