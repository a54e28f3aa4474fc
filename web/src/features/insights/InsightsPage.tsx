import { ActionIcon, Button, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconStar, IconStarFilled, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { type SavedInsight, useInsights } from "@/api/saved";
import { useProjectPath } from "@/api/session";
import styles from "@/features/insights/insights.module.css";
import { useInsightChanges } from "@/features/insights/useInsightChanges";
import { formatCount } from "@/ui/format";
import { insightName } from "@/ui/insights/names";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { type Column, Table } from "@/ui/tables/Table";
import { useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

const KINDS: Record<string, string> = {
  TrendsQuery: "Trends",
  FunnelsQuery: "Funnel",
  RetentionQuery: "Retention",
  PathsQuery: "Paths",
  StickinessQuery: "Stickiness",
  LifecycleQuery: "Lifecycle",
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
  const rows = insights.data?.results ?? [];

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
        <TextInput
          size="xs"
          className={styles.search}
          aria-label="Search insights"
          placeholder="Name"
          defaultValue={search}
          onChange={(event) => {
            setOffset(0);
            setSearch(event.currentTarget.value.trim());
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
        {insights.error ? (
          <Failure problem={insights.error} onRetry={() => insights.refetch()} />
        ) : insights.isPending ? (
          <Loading lines={10} />
        ) : rows.length === 0 ? (
          search || favourites ? (
            <Empty title="No insight matches">Try a part of the name, or all insights instead of favourites.</Empty>
          ) : (
            <Empty title="No saved insights yet">Ask a question, then press Save. It can be opened again here.</Empty>
          )
        ) : (
          <Table label="Saved insights" columns={columns} rows={rows} keyOf={(insight) => insight.id} />
        )}
      </Panel>
      {offset > 0 || insights.data?.next ? (
        <div className={styles.filters}>
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - A_PAGE))}>
            Back
          </Button>
          <Button variant="default" disabled={!insights.data?.next} onClick={() => setOffset(offset + A_PAGE)}>
            Next
          </Button>
        </div>
      ) : null}
    </Page>
  );
}
