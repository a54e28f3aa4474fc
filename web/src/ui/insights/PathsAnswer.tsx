import { useCallback, useMemo } from "react";
import type { PathDropoff, PathLink, PathsQuery } from "@/api/insights";
import { Chart, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount, formatPercent, formatShort } from "@/ui/format";
import type { OnPeople } from "@/ui/insights/InsightAnswer";
import styles from "@/ui/insights/insights.module.css";
import { linkName, pathPlaces } from "@/ui/insights/pathPlaces";
import { along, atPlace } from "@/ui/insights/people";
import { tipStyle } from "@/ui/insights/trendOptions";
import { Empty } from "@/ui/states/States";

const LONGEST = 19; // letters of a place beside its node; the tooltip has all of them

const shortened = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

interface PathsAnswerProps {
  query: PathsQuery;
  links: PathLink[];
  dropoffs?: PathDropoff[];
  height: ChartHeight;
  onPeople?: OnPeople;
}

interface Item {
  dataType: string;
  name: string;
  value: number;
  data: { source?: string; target?: string };
}

export const NoPaths = () => (
  <Empty title="No paths in this range">Try a longer range, or other kinds of events.</Empty>
);

/** Where people went, from left to right. A link opens its people, a place those who came, went on and dropped off. */
export function PathsAnswer({ query, links, dropoffs, height, onPeople }: PathsAnswerProps) {
  const places = useMemo(
    () => new Map(pathPlaces(links, query, dropoffs).map((place) => [place.node, place])),
    [links, query, dropoffs],
  );
  const option = useCallback(
    (palette: Palette) => {
      return {
        tooltip: {
          ...tipStyle(palette),
          trigger: "item",
          formatter: ({ name, value, data }: Item) => {
            const line = (label: string, count: number, color = palette.quiet) => ({
              color,
              name: label,
              value: formatCount(count),
            });
            const { source, target } = data;
            const place = places.get(name);
            if (source && target)
              return tooltip(linkName(source, target), [line("Times", value, seriesColor(palette, 0))]);
            if (!place) return "";
            return tooltip(place.name, [
              line("Came", place.came, seriesColor(palette, 0)),
              line("Went on", place.wentOn),
              ...(place.dropped === null ? [] : [line("Dropped off", place.dropped, palette.bad)]),
            ]);
          },
        },
        series: [
          {
            type: "sankey",
            left: 4,
            right: 190,
            top: 8,
            bottom: 8,
            nodeWidth: 10,
            nodeGap: 12,
            emphasis: { focus: "adjacency" },
            lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
            label: {
              color: palette.ink,
              fontSize: 11.5,
              rich: {
                quiet: { color: palette.quiet, fontSize: 11, padding: [0, 0, 0, 5] },
                lost: { color: palette.bad, fontSize: 11, padding: [0, 0, 0, 5] },
              },
              formatter: ({ name }: { name: string }) => {
                const place = places.get(name);
                if (!place) return "";
                // Braces are marks of ECharts' own.
                const text = shortened(place.name).replace(/[{}|]/g, " ");
                const lost = place.dropped ? `{lost|−${formatPercent(place.dropped / place.came, 0)}}` : "";
                return `${text}{quiet|${formatShort(place.came)}}${lost}`;
              },
            },
            data: [...places.values()].map(({ node, step }) => ({
              name: node,
              depth: Math.max(0, step - 1),
              itemStyle: { color: seriesColor(palette, Math.max(0, step - 1)), borderWidth: 0 },
            })),
            links: links.map(({ source, target, value }) => ({ source, target, value })),
          },
        ],
      };
    },
    [links, places],
  );
  if (links.length === 0) return <NoPaths />;
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
            onPeople
              ? ({ dataType, data, name }) => {
                  const { source, target } = (data ?? {}) as { source?: string; target?: string };
                  const place = places.get(name ?? "");
                  if (dataType === "edge" && source && target) onPeople(along(query, { source, target }));
                  else if (place) onPeople(atPlace(query, place));
                }
              : undefined
          }
        />
      </div>
    </section>
  );
}
