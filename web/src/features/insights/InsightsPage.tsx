import { ActionIcon, Button, Switch } from "@mantine/core";
import { IconPlus, IconStar, IconStarFilled, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { type SavedInsight, useInsights } from "@/api/saved";
import { useProjectPath } from "@/api/session";
import styles from "@/features/insights/insights.module.css";
import { useInsightChanges } from "@/features/insights/useInsightChanges";
import { formatCount } from "@/ui/format";
import { insightName } from "@/ui/insights/names";
import { Listed } from "@/ui/lists/Listed";
import { ListSearch } from "@/ui/lists/ListSearch";
import { Pages } from "@/ui/lists/Pages";
import { Page, Panel } from "@/ui/Page";
import { Empty } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import type { Column } from "@/ui/tables/Table";
import { useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

const KINDS: Record<string, string> = {
  TrendsQuery: "Trends",
  FunnelsQuery: "Funnel",
  RetentionQuery: "Retention",
  PathsQuery: "Paths",
  StickinessQuery: "Stickiness",
  LifecycleQuery: "Lifecycle",
  CalendarHeatmapQuery: "Calendar heatmap",
  HogQLQuery: "SQL",
};

const kindOf = (insight: SavedInsight) => {
  const kind = insight.query?.source?.kind ?? insight.query?.kind ?? "";
  return KINDS[kind] ?? kind;
};

export default function InsightsPage() {
  const path = useProjectPath();
  const [search, setSearch] = useUrlText("search");
  const [favourites, setFavourites] = useUrlText("favourites");
  const [offset, setOffset] = useState(0);
  const insights = useInsights({ search, favorited: favourites !== "", offset, limit: A_PAGE });
  const { change, remove } = useInsightChanges();

  const columns: Column<SavedInsight>[] = [
    {
      name: "Name",
      cell: (insight) => (
        <span className={styles.name}>
          <ActionIcon
            size="sm"
            aria-label={`Favourite: ${insightName(insight)}`}
            aria-pressed={insight.favorited === true}
            onClick={() => change(insight, { favorited: !insight.favorited })}
          >
            {insight.favorited ? <IconStarFilled size={15} /> : <IconStar size={15} />}
          </ActionIcon>
          <Link href={path(`insights/${insight.short_id}`)} title={insightName(insight)}>
            {insightName(insight)}
          </Link>
        </span>
      ),
    },
    { name: "Kind", cell: kindOf },
    { name: "Dashboards", number: true, cell: (insight) => formatCount(insight.dashboards?.length ?? 0) },
    { name: "Last changed", cell: (insight) => <Time at={insight.last_modified_at} form="ago" /> },
    { name: "By", cell: (insight) => insight.last_modified_by?.first_name || insight.last_modified_by?.email || "" },
    {
      name: "",
      number: true,
      cell: (insight) => (
        <ActionIcon size="sm" aria-label={`Delete ${insightName(insight)}`} onClick={() => remove(insight)}>
          <IconTrash size={15} />
        </ActionIcon>
      ),
    },
  ];
  return (
    <Page
      title="Saved insights"
      actions={
        <Button component={Link} href={path("insight")} leftSection={<IconPlus size={15} />}>
          New insight
        </Button>
      }
    >
      <div className={styles.filters}>
        <ListSearch
          what="insights"
          value={search}
          onChange={(text) => {
            setOffset(0);
            setSearch(text);
          }}
        />
        <Switch
          size="xs"
          label="Favourites only"
          checked={favourites !== ""}
          onChange={(event) => {
            setOffset(0);
            setFavourites(event.currentTarget.checked ? "1" : "");
          }}
        />
      </div>
      <Panel>
        <Listed
          asked={insights}
          lines={10}
          empty={
            search || favourites ? (
              <Empty title="No insight matches">Try a part of the name, or all insights instead of favourites.</Empty>
            ) : (
              <Empty title="No saved insights yet">Ask a question, then press Save. It can be opened again here.</Empty>
            )
          }
          label="Saved insights"
          columns={columns}
          keyOf={(insight) => insight.id}
        />
      </Panel>
      <Pages offset={offset} size={A_PAGE} more={Boolean(insights.data?.next)} onOffset={setOffset} />
    </Page>
  );
}
