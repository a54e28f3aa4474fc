import type { PathDropoff, PathLink, PathsQuery } from "@/api/insights";
import { formatCount, formatDuration, formatPercent } from "@/ui/format";
import type { OnPeople } from "@/ui/insights/InsightAnswer";
import styles from "@/ui/insights/insights.module.css";
import { NoPaths } from "@/ui/insights/PathsAnswer";
import { PeopleNumber } from "@/ui/insights/PeopleNumber";
import { linkName, pathPlaces, placeName, stepOf } from "@/ui/insights/pathPlaces";
import { along, atPlace } from "@/ui/insights/people";
import { Table } from "@/ui/tables/Table";

interface PathsTablesProps {
  query: PathsQuery;
  links: PathLink[];
  dropoffs?: PathDropoff[];
  onPeople?: OnPeople;
}

/** The links and the places of paths as tables; each number opens its people. */
export function PathsTables({ query, links, dropoffs, onPeople }: PathsTablesProps) {
  if (links.length === 0) return <NoPaths />;
  return (
    <div className={styles.funnels}>
      <Table
        label="Paths"
        rows={links}
        keyOf={(_, at) => at}
        columns={[
          { name: "Step", number: true, cell: (link) => stepOf(link.source) },
          { name: "From", cell: (link) => placeName(link.source) },
          { name: "To", cell: (link) => placeName(link.target) },
          {
            name: "Times",
            number: true,
            cell: (link) => (
              <PeopleNumber
                value={link.value}
                of={linkName(link.source, link.target)}
                onClick={onPeople && (() => onPeople(along(query, link)))}
              />
            ),
          },
          {
            name: "Average time",
            number: true,
            // The API gives milliseconds here.
            cell: (link) => (link.average_conversion_time ? formatDuration(link.average_conversion_time / 1000) : "–"),
          },
        ]}
      />
      <Table
        label="Places"
        rows={pathPlaces(links, query, dropoffs)}
        keyOf={(place) => place.node}
        columns={[
          { name: "Step", number: true, cell: (place) => place.step },
          { name: "Place", cell: (place) => place.name },
          {
            name: "Came",
            number: true,
            cell: (place) => (
              <PeopleNumber
                value={place.came}
                of={place.name}
                onClick={onPeople && (() => onPeople(atPlace(query, place)))}
              />
            ),
          },
          { name: "Went on", number: true, cell: (place) => formatCount(place.wentOn) },
          {
            name: "Dropped off",
            number: true,
            cell: ({ dropped, came }) =>
              dropped === null || came === 0 ? "–" : `${formatCount(dropped)} (${formatPercent(dropped / came)})`,
          },
        ]}
      />
    </div>
  );
}
