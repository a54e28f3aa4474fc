import { Button, TextInput } from "@mantine/core";
import { Link } from "wouter";
import type { PropertyFilter } from "@/api/insights";
import { type Person, usePersons } from "@/api/persons";
import { useProjectPath } from "@/api/session";
import { personName } from "@/features/persons/personName";
import styles from "@/features/persons/persons.module.css";
import { formatCount, formatValue } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { type Column, Table } from "@/ui/tables/Table";
import { useUrlOffset, useUrlState, useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

export default function PersonsPage() {
  const path = useProjectPath();
  const [search, setSearch] = useUrlText("search");
  const [filters, setFilters] = useUrlState<PropertyFilter[]>("filters", []);
  const [extra, setExtra] = useUrlState<string[]>("columns", ["email"]);
  const [offset, setOffset] = useUrlOffset();
  const persons = usePersons({ search, properties: filters, offset, limit: A_PAGE });
  const rows = persons.data?.results ?? [];

  const columns: Column<Person>[] = [
    {
      name: "Person",
      cell: (person) => <Link href={path(`persons/${person.uuid ?? person.id}`)}>{personName(person)}</Link>,
    },
    ...extra.map((key) => ({ name: key, cell: (person: Person) => formatValue(person.properties[key]) })),
    { name: "Distinct ids", number: true, cell: (person) => formatCount(person.distinct_ids.length) },
    { name: "Identified", cell: (person) => (person.is_identified ? "yes" : "no") },
    { name: "First seen", cell: (person) => <Time at={person.created_at} form="ago" /> },
  ];
  return (
    <Page title="Persons">
      <div className={styles.filters}>
        <TextInput
          size="xs"
          className={styles.search}
          aria-label="Search persons"
          placeholder="E-mail, name or distinct id"
          defaultValue={search}
          onChange={(event) => {
            setOffset(0);
            setSearch(event.currentTarget.value.trim());
          }}
        />
        <PropertyFilters
          filters={filters}
          owners={["person", "cohort"]}
          onChange={(next) => {
            setOffset(0);
            setFilters(next);
          }}
        />
        <span className={styles.spacer} />
        <PropertyPicker
          label="Add or remove a column"
          text="Columns"
          owners={["person"]}
          onPick={({ key }) => setExtra(extra.includes(key) ? extra.filter((other) => other !== key) : [...extra, key])}
        />
      </div>
      <Panel>
        {persons.error ? (
          <Failure problem={persons.error} onRetry={() => persons.refetch()} />
        ) : persons.isPending ? (
          <Loading lines={12} />
        ) : rows.length === 0 ? (
          search || filters.length > 0 ? (
            <Empty title="Nobody matches">Try fewer filters, or a part of the e-mail address.</Empty>
          ) : (
            <Empty title="No persons yet">
              Anonymous visitors become persons when your app calls <code>identify</code>.
            </Empty>
          )
        ) : (
          <Table label="Persons" columns={columns} rows={rows} keyOf={(person) => person.uuid ?? person.id} />
        )}
      </Panel>
      {offset > 0 || rows.length > 0 ? (
        <div className={styles.pages}>
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - A_PAGE))}>
            Back
          </Button>
          <Button variant="default" disabled={!persons.data?.next} onClick={() => setOffset(offset + A_PAGE)}>
            Next
          </Button>
          {persons.data?.count ? <span className="quiet">{formatCount(persons.data.count)} persons</span> : null}
        </div>
      ) : null}
    </Page>
  );
}
