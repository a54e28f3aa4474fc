import { useCallback } from "react";
import type { PathLink } from "@/api/insights";
import { Chart, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount, formatDuration } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { PeopleNumber } from "@/ui/insights/PeopleNumber";
import type { PathKeys } from "@/ui/insights/people";
import { tipStyle } from "@/ui/insights/trendOptions";
import { Empty } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

/** "2_/pricing" is the second thing done, at /pricing. */
function placeOf(node: string): string {
  const place = node.slice(node.indexOf("_") + 1);
  // Of an address only the path tells places apart; the host is nearly always the same.
  return URL.canParse(place) ? new URL(place).pathname + new URL(place).search : place;
}
const stepOf = (node: string) => Number(node.slice(0, node.indexOf("_")));

interface PathsAnswerProps {
  links: PathLink[];
  height: ChartHeight;
  /** A link was chosen, or a place: then the people who came to it. */
  onLink?: OnLink;
}

export type OnLink = (title: string, keys: PathKeys) => void;
const linkName = (source: string, target: string) => `${placeOf(source)} → ${placeOf(target)}`;

export function PathsAnswer({ links, height, onLink }: PathsAnswerProps) {
  const option = useCallback(
    (palette: Palette) => {
      const names = [...new Set(links.flatMap((link) => [link.source, link.target]))];
      return {
        tooltip: {
          ...tipStyle(palette),
          trigger: "item",
          formatter: (point: {
            dataType: string;
            name: string;
            value: number;
            data: { source?: string; target?: string };
          }) => {
            const { source, target } = point.data;
            const title = source && target ? linkName(source, target) : placeOf(point.name);
            return tooltip(title, [
              { color: seriesColor(palette, 0), name: "People", value: formatCount(point.value) },
            ]);
          },
        },
        series: [
          {
            type: "sankey",
            left: 4,
            right: 150,
            top: 8,
            bottom: 8,
            nodeWidth: 10,
            nodeGap: 12,
            emphasis: { focus: "adjacency" },
            lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
            label: {
              color: palette.ink,
              fontSize: 11.5,
              width: 140,
              overflow: "truncate",
              formatter: ({ name }: { name: string }) => placeOf(name),
            },
            data: names.map((name) => ({
              name,
              depth: Math.max(0, stepOf(name) - 1),
              itemStyle: { color: seriesColor(palette, Math.max(0, stepOf(name) - 1)), borderWidth: 0 },
            })),
            links: links.map(({ source, target, value }) => ({ source, target, value })),
          },
        ],
      };
    },
    [links],
  );
  if (links.length === 0)
    return <Empty title="No paths in this range">Try a longer range, or other kinds of events.</Empty>;
  return (
    <section
      className={height === "fill" ? `${styles.scroll} ${styles.fills}` : styles.scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Paths"
    >
      <div className={styles.paths}>
        <Chart
          label="Paths of people"
          height={height}
          option={option}
          onPoint={
            onLink
              ? ({ dataType, data, name }) => {
                  const { source, target } = (data ?? {}) as { source?: string; target?: string };
                  if (dataType === "edge" && source && target) {
                    onLink(linkName(source, target), { pathStartKey: source, pathEndKey: target });
                  } else if (name) {
                    const first = stepOf(name) === 1;
                    onLink(placeOf(name), first ? { pathStartKey: name } : { pathEndKey: name });
                  }
                }
              : undefined
          }
        />
      </div>
    </section>
  );
}

/** The links as a table; each number opens its people. */
export function PathsTable({ links, onLink }: { links: PathLink[]; onLink?: OnLink }) {
  return (
    <Table
      label="Paths"
      rows={links}
      keyOf={(_, at) => at}
      columns={[
        { name: "Step", number: true, cell: (link) => stepOf(link.source) },
        { name: "From", cell: (link) => placeOf(link.source) },
        { name: "To", cell: (link) => placeOf(link.target) },
        {
          name: "People",
          number: true,
          cell: ({ source, target, value }) => (
            <PeopleNumber
              value={value}
              of={linkName(source, target)}
              onClick={
                onLink
                  ? () => onLink(linkName(source, target), { pathStartKey: source, pathEndKey: target })
                  : undefined
              }
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
  );
}
