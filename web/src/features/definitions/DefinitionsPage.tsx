import { Select, Switch, Tabs } from "@mantine/core";
import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import { useState } from "react";
import { type Definition, type DefinitionList, useDefinitions } from "@/api/definitions";
import { useGroupTypes } from "@/api/persons";
import { DefinitionPanel } from "@/features/definitions/DefinitionPanel";
import styles from "@/features/definitions/definitions.module.css";
import { useVolumes, type Volume, volumeInWords, volumesOf } from "@/features/definitions/volume";
import { Sparkline } from "@/ui/charts/Sparkline";
import { formatCount } from "@/ui/format";
import { Listed } from "@/ui/lists/Listed";
import { ListSearch } from "@/ui/lists/ListSearch";
import { Pages } from "@/ui/lists/Pages";
import { Page, Panel } from "@/ui/Page";
import { Empty } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import type { Column } from "@/ui/tables/Table";
import { useUrlOffset, useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

const ORDERS = [
  { value: "-last_seen_at", label: "Last seen first" },
  { value: "-volume", label: "Most events first" },
  { value: "name", label: "By name" },
];

const LISTS: { list: DefinitionList; title: string }[] = [
  { list: "events", title: "Events" },
  { list: "event", title: "Event properties" },
  { list: "person", title: "Person properties" },
];

/** The lists of this project: one for each type of groups as well. */
function useLists() {
  const types = useGroupTypes();
  const ofGroups = (types.data ?? []).map((type) => ({
    list: `group${type.group_type_index}` as DefinitionList,
    title: `Properties of ${type.name_plural || type.group_type}`,
  }));
  return [...LISTS, ...ofGroups];
}

/** Every name that arrived, with what people wrote beside it. */
export default function DefinitionsPage() {
  const [tab, setTab] = useUrlText("list");
  const [, setOffset] = useUrlOffset();
  const lists = useLists();
  const list = lists.find((one) => one.list === tab)?.list ?? "events";
  return (
    <Page title="Definitions">
      <Panel>
        <Tabs
          value={list}
          className={styles.tabs}
          onChange={(next) => {
            setOffset(0);
            setTab(next ?? "");
          }}
        >
          <Tabs.List>
            {lists.map((one) => (
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
  const [offset, setOffset] = useUrlOffset();
  const [chosen, setChosen] = useState<Definition | null>(null);
  const [verified, setVerified] = useUrlText("verified");
  const [order, setOrder] = useUrlText("order");
  const ordering =
    list === "events" ? (ORDERS.find(({ value }) => value === order)?.value ?? "-last_seen_at") : undefined;
  const asked = useDefinitions(list, { search, verified: verified !== "", ordering, offset, limit: A_PAGE });
  const rows = asked.data?.results ?? [];
  const volumes = useVolumes(list === "events" ? rows.map((row) => row.name) : []);
  const byName = volumesOf(volumes.data);
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
      ? [
          { name: "Events", number: true, cell: (row: Definition) => formatCount(row.volume ?? 0) },
          { name: "Last 30 days", cell: (row: Definition) => <Course volume={byName.get(row.name)} /> },
        ]
      : [{ name: "Type", cell: (row: Definition) => row.property_type ?? "" }]),
    { name: "Last seen", cell: (row) => <Time at={row.last_seen_at} form="ago" /> },
    { name: "Description", cell: (row) => row.description ?? "" },
    { name: "Tags", cell: (row) => (row.tags ?? []).join(", ") },
  ];
  return (
    <>
      <div className={styles.filters}>
        <ListSearch
          what="definitions"
          value={search}
          onChange={(text) => {
            setOffset(0);
            setSearch(text);
          }}
        />
        <Switch
          size="xs"
          label="Verified only"
          checked={verified !== ""}
          onChange={(event) => {
            setOffset(0);
            setVerified(event.currentTarget.checked ? "1" : "");
          }}
        />
        {ordering ? (
          <Select
            className={styles.order}
            aria-label="Order"
            data={ORDERS}
            value={ordering}
            onChange={(next) => {
              setOffset(0);
              setOrder(next === "-last_seen_at" ? "" : (next ?? ""));
            }}
          />
        ) : null}
        {asked.data?.count ? <span className="quiet">{formatCount(asked.data.count)} names</span> : null}
      </div>
      <Listed
        asked={asked}
        lines={10}
        empty={
          search || verified ? (
            <Empty title="No name matches">Try a part of the name, or look at those not verified too.</Empty>
          ) : (
            <Empty title="Nothing seen yet">Names appear here when the first event that has them arrives.</Empty>
          )
        }
        label="Definitions"
        columns={columns}
        keyOf={(row) => row.id}
      />
      <Pages offset={offset} size={A_PAGE} more={Boolean(asked.data?.next)} onOffset={setOffset} inside />
      <DefinitionPanel list={list} definition={chosen} onClose={() => setChosen(null)} />
    </>
  );
}

/** The course of one event in a line of the list; its place is kept while it is not known. */
function Course({ volume }: { volume: Volume | undefined }) {
  return (
    <span className={styles.course} title={volume && volumeInWords(volume)}>
      {volume ? <Sparkline label={volumeInWords(volume)} data={volume.counts} width={100} height={20} /> : null}
    </span>
  );
}
