import { Link } from "wouter";
import type { PropertyFilter } from "@/api/insights";
import { type Person, usePersons } from "@/api/persons";
import { useProjectPath } from "@/api/session";
import { personName } from "@/features/persons/personName";
import styles from "@/features/persons/persons.module.css";
import { formatCount, formatValue } from "@/ui/format";
import { Listed } from "@/ui/lists/Listed";
import { ListSearch } from "@/ui/lists/ListSearch";
import { Pages } from "@/ui/lists/Pages";
import { Page, Panel } from "@/ui/Page";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";
import { Empty } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import type { Column } from "@/ui/tables/Table";
import { useUrlOffset, useUrlState, useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

export default function PersonsPage() {
  const path = useProjectPath();
  const [search, setSearch] = useUrlText("search");
  const [filters, setFilters] = useUrlState<PropertyFilter[]>("filters", []);
  const [extra, setExtra] = useUrlState<string[]>("columns", ["email"]);
  const [offset, setOffset] = useUrlOffset();
  const persons = usePersons({ search, properties: filters, offset, limit: A_PAGE });

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
        <ListSearch
          what="persons"
          placeholder="E-mail, name or distinct id"
          value={search}
          onChange={(text) => {
            setOffset(0);
            setSearch(text);
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
        <Listed
          asked={persons}
          lines={12}
          empty={
            search || filters.length > 0 ? (
              <Empty title="Nobody matches">Try fewer filters, or a part of the e-mail address.</Empty>
            ) : (
              <Empty title="No persons yet">
                Anonymous visitors become persons when your app calls <code>identify</code>.
              </Empty>
            )
          }
          label="Persons"
          columns={columns}
          keyOf={(person) => person.uuid ?? person.id}
        />
      </Panel>
      <Pages offset={offset} size={A_PAGE} more={Boolean(persons.data?.next)} onOffset={setOffset}>
        {persons.data?.count ? <span className="quiet">{formatCount(persons.data.count)} persons</span> : null}
      </Pages>
    </Page>
  );
}
