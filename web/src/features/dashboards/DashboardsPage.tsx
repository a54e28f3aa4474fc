import { ActionIcon, Badge, Button, TextInput } from "@mantine/core";
import { IconPlus, IconStar, IconStarFilled } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { type Dashboard, useDashboards } from "@/api/dashboards";
import { useProjectPath } from "@/api/session";
import styles from "@/features/dashboards/dashboards.module.css";
import { NewDashboard } from "@/features/dashboards/NewDashboard";
import { useBoard } from "@/features/dashboards/useBoard";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { type Column, Table } from "@/ui/tables/Table";
import { useUrlText } from "@/ui/useUrlState";

export default function DashboardsPage() {
  const path = useProjectPath();
  const [search, setSearch] = useUrlText("search");
  const asked = useDashboards();
  const { change } = useBoard();
  const [making, setMaking] = useState(false);
  const wanted = search.toLowerCase();
  const all = asked.data?.results ?? [];
  const rows = all.filter((row) =>
    [row.name, row.description, ...(row.tags ?? [])].some((text) => text?.toLowerCase().includes(wanted)),
  );
  const columns: Column<Dashboard>[] = [
    {
      name: "Name",
      cell: (row) => (
        <span className={styles.name}>
          <ActionIcon
            size="sm"
            aria-label={`Favourite: ${row.name || "Untitled"}`}
            aria-pressed={row.pinned === true}
            onClick={() => change(row, { pinned: !row.pinned })}
          >
            {row.pinned ? <IconStarFilled size={15} /> : <IconStar size={15} />}
          </ActionIcon>
          <Link href={path(`dashboards/${row.id}`)}>{row.name || "Untitled"}</Link>
        </span>
      ),
    },
    { name: "About", cell: (row) => row.description ?? "" },
    {
      name: "Tags",
      cell: (row) => (
        <span className={styles.tags}>
          {(row.tags ?? []).map((tag) => (
            <Badge key={tag} variant="default" size="sm" tt="none">
              {tag}
            </Badge>
          ))}
        </span>
      ),
    },
    { name: "Shared", cell: (row) => (row.is_shared ? "By link" : "") },
    { name: "Seen", cell: (row) => (row.last_viewed_at ? <Time at={row.last_viewed_at} form="ago" /> : "") },
    { name: "Made", cell: (row) => <Time at={row.created_at} form="ago" /> },
  ];
  const make = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setMaking(true)}>
      New dashboard
    </Button>
  );
  return (
    <Page title="Dashboards" actions={make}>
      {all.length > 0 ? (
        <div className={styles.filters}>
          <TextInput
            size="xs"
            aria-label="Search dashboards"
            placeholder="Name or tag"
            defaultValue={search}
            onChange={(event) => setSearch(event.currentTarget.value.trim())}
          />
        </div>
      ) : null}
      <Panel>
        {asked.error ? (
          <Failure problem={asked.error} onRetry={() => asked.refetch()} />
        ) : asked.isPending ? (
          <Loading />
        ) : all.length === 0 ? (
          <Empty title="No dashboards yet" action={make}>
            Begin with a template for your web site, your product or activation, or with an empty one.
          </Empty>
        ) : rows.length === 0 ? (
          <Empty title="No dashboard matches">Try a part of the name, or a tag.</Empty>
        ) : (
          <Table label="Dashboards" rows={rows} keyOf={(row) => row.id} columns={columns} />
        )}
      </Panel>
      {making ? <NewDashboard onClose={() => setMaking(false)} /> : null}
    </Page>
  );
}
