import { ActionIcon, Badge, Button } from "@mantine/core";
import { IconPlus, IconStar, IconStarFilled } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { type Dashboard, useDashboards } from "@/api/dashboards";
import { useProjectPath } from "@/api/session";
import styles from "@/features/dashboards/dashboards.module.css";
import { NewDashboard } from "@/features/dashboards/NewDashboard";
import { useBoard } from "@/features/dashboards/useBoard";
import { Listed } from "@/ui/lists/Listed";
import { ListSearch } from "@/ui/lists/ListSearch";
import { Page, Panel } from "@/ui/Page";
import { Empty } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import type { Column } from "@/ui/tables/Table";
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
          <ListSearch what="dashboards" placeholder="Name or tag" value={search} onChange={setSearch} />
        </div>
      ) : null}
      <Panel>
        <Listed
          asked={asked}
          rows={rows}
          empty={
            all.length === 0 ? (
              <Empty title="No dashboards yet" action={make}>
                Begin with a template for your web site, your product or activation, or with an empty one.
              </Empty>
            ) : (
              <Empty title="No dashboard matches">Try a part of the name, or a tag.</Empty>
            )
          }
          label="Dashboards"
          columns={columns}
          keyOf={(row) => row.id}
        />
      </Panel>
      {making ? <NewDashboard onClose={() => setMaking(false)} /> : null}
    </Page>
  );
}
