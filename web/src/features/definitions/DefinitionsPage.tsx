import { Button, Tabs, TextInput } from "@mantine/core";
import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import { useState } from "react";
import { type Definition, type DefinitionList, useDefinitions } from "@/api/definitions";
import { DefinitionPanel } from "@/features/definitions/DefinitionPanel";
import styles from "@/features/definitions/definitions.module.css";
import { formatCount } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { type Column, Table } from "@/ui/tables/Table";
import { useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

const LISTS: { list: DefinitionList; title: string }[] = [
  { list: "events", title: "Events" },
  { list: "event", title: "Event properties" },
  { list: "person", title: "Person properties" },
];

/** Every name that arrived, with what people wrote beside it. */
export default function DefinitionsPage() {
  const [tab, setTab] = useUrlText("list");
  const list = LISTS.find((one) => one.list === tab)?.list ?? "events";
  return (
    <Page title="Definitions">
      <Panel>
        <Tabs value={list} className={styles.tabs} onChange={(next) => setTab(next ?? "")}>
          <Tabs.List>
            {LISTS.map((one) => (
              <Tabs.Tab key={one.list} value={one.list}>
                {one.title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Definitions key={list} list={list} />
      </Panel>
    </Page>
  );
}

function Definitions({ list }: { list: DefinitionList }) {
  const [search, setSearch] = useUrlText("search");
  const [offset, setOffset] = useState(0);
  const [chosen, setChosen] = useState<Definition | null>(null);
  const asked = useDefinitions(list, search, offset, A_PAGE);
  const rows = asked.data?.results ?? [];
  const columns: Column<Definition>[] = [
    {
      name: "Name",
      cell: (row) => (
        <span className={styles.name}>
          <button type="button" className={styles.open} title={row.name} onClick={() => setChosen(row)}>
            {row.name}
          </button>
          {row.verified ? <IconRosetteDiscountCheck size={15} aria-label="Verified" /> : null}
          {row.hidden ? <span className="quiet">hidden</span> : null}
        </span>
      ),
    },
    ...(list === "events"
      ? [{ name: "Events", number: true, cell: (row: Definition) => formatCount(row.volume ?? 0) }]
      : [{ name: "Type", cell: (row: Definition) => row.property_type ?? "" }]),
    { name: "Last seen", cell: (row) => <Time at={row.last_seen_at} form="ago" /> },
    { name: "Description", cell: (row) => row.description ?? "" },
    { name: "Tags", cell: (row) => (row.tags ?? []).join(", ") },
  ];
  return (
    <>
      <div className={styles.filters}>
        <TextInput
          size="xs"
          className={styles.search}
          aria-label="Search definitions"
          placeholder="Name"
          defaultValue={search}
          onChange={(event) => {
            setOffset(0);
            setSearch(event.currentTarget.value.trim());
          }}
        />
        {asked.data?.count ? <span className="quiet">{formatCount(asked.data.count)} names</span> : null}
      </div>
      {asked.error ? (
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      ) : asked.isPending ? (
        <Loading lines={10} />
      ) : rows.length === 0 ? (
        search ? (
          <Empty title="No name matches">Try a part of the name.</Empty>
        ) : (
          <Empty title="Nothing seen yet">Names appear here when the first event that has them arrives.</Empty>
        )
      ) : (
        <Table label="Definitions" columns={columns} rows={rows} keyOf={(row) => row.id} />
      )}
      {offset > 0 || asked.data?.next ? (
        <div className={styles.filters}>
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - A_PAGE))}>
            Back
          </Button>
          <Button variant="default" disabled={!asked.data?.next} onClick={() => setOffset(offset + A_PAGE)}>
            Next
          </Button>
        </div>
      ) : null}
      <DefinitionPanel list={list} definition={chosen} onClose={() => setChosen(null)} />
    </>
  );
}
