import { ActionIcon, Button, Select } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import type { PropertyFilter } from "@/api/insights";
import { useAnswer } from "@/api/query";
import { type Form, filterOf, nameOf } from "@/features/web-analytics/breakdowns";
import { type Look, webQuery } from "@/features/web-analytics/look";
import styles from "@/features/web-analytics/web.module.css";
import { WorldMap } from "@/ui/charts/WorldMap";
import { download, toCsv } from "@/ui/csv";
import { formatCount, formatPercent } from "@/ui/format";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";

interface BreakdownProps {
  title: string;
  forms: Form[];
  look: Look;
  /** Countries on a map beside the table. */
  map?: boolean;
  onFilter: (filter: PropertyFilter) => void;
}

const FEW = 10;
const MANY = 200;
// Pixels. On a phone the map is as wide as the screen, and lower.
const mapHeight = () => Math.min(380, Math.round(window.innerWidth * 0.58));

/** A cell is the present number, or a pair of it and that of the period before. */
const present = (cell: unknown): number => Number(Array.isArray(cell) ? cell[0] : cell) || 0;

/** Visitors by something, the most first. A row is a button that filters the page by it. */
export function Breakdown({ title, forms, look, map = false, onFilter }: BreakdownProps) {
  const [by, setBy] = useState(forms[0]?.by ?? "Page");
  const [all, setAll] = useState(false);
  const form = forms.find((one) => one.by === by) ?? forms[0];
  const onMap = map && by === "Country";
  const asked = useAnswer<unknown[][]>(
    webQuery("WebStatsTableQuery", look, {
      breakdownBy: by,
      limit: all || onMap ? MANY : FEW,
      includeBounceRate: !look.goal,
    }),
  );
  const rows = asked.data?.results ?? [];
  // Columns: visitors, views and bounces; with a goal visitors, conversions, people who converted and their share.
  const columns = look.goal
    ? { visitors: 1, second: 3, third: 4, titles: ["Visitors", "Converted", "Rate"] }
    : { visitors: 1, second: 2, third: 3, titles: ["Visitors", "Views", "Bounce"] };
  const most = Math.max(1, ...rows.map((row) => present(row[columns.visitors])));
  const shown = all ? rows : rows.slice(0, FEW);
  const share = (cell: unknown) => {
    const value = Array.isArray(cell) ? cell[0] : cell;
    return value === null || value === undefined ? "–" : formatPercent(Number(value), 0);
  };
  const choose = (value: unknown) => {
    const filter = form ? filterOf(form, value) : null;
    if (filter) onFilter(filter);
  };
  return (
    <Panel
      title={title}
      className={map ? styles.whole : undefined}
      actions={
        <span className={styles.tools}>
          {forms.length > 1 ? (
            <Select
              size="xs"
              aria-label={`Form of ${title}`}
              data={forms.map((one) => ({ value: one.by, label: one.label }))}
              value={by}
              maxDropdownHeight={320}
              onChange={(next) => {
                setAll(false);
                setBy(next ?? by);
              }}
            />
          ) : null}
          <ActionIcon
            aria-label={`Download ${title} as CSV`}
            disabled={rows.length === 0}
            onClick={() =>
              download(
                `${title.toLowerCase()}.csv`,
                toCsv(
                  [form?.label ?? title, ...columns.titles],
                  rows.map((row) => [
                    nameOf(by, row[0]),
                    present(row[columns.visitors]),
                    present(row[columns.second]),
                    present(row[columns.third]),
                  ]),
                ),
              )
            }
          >
            <IconDownload size={15} />
          </ActionIcon>
        </span>
      }
    >
      {asked.error && !asked.data ? (
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      ) : !asked.data ? (
        <Loading lines={9} />
      ) : rows.length === 0 ? (
        <Empty title="Nothing in this range" />
      ) : (
        <div className={onMap ? styles.mapped : undefined} data-stale={asked.isPlaceholderData || undefined}>
          {onMap ? (
            <WorldMap
              label="Map of visitors by country; the table beside it has the same numbers"
              counted="Visitors"
              height={mapHeight()}
              values={rows.map((row) => ({ code: String(row[0] ?? ""), value: present(row[columns.visitors]) }))}
              onCountry={choose}
            />
          ) : null}
          <div>
            <table className={styles.bars}>
              <thead>
                <tr>
                  <th scope="col">{form?.label}</th>
                  {columns.titles.map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((row, at) => {
                  const name = nameOf(by, row[0]);
                  return (
                    <tr key={at}>
                      <th scope="row" title={name}>
                        <i style={{ width: `${(100 * present(row[columns.visitors])) / most}%` }} aria-hidden />
                        {form && filterOf(form, row[0]) ? (
                          <button type="button" title={`Only ${name}`} onClick={() => choose(row[0])}>
                            {name}
                          </button>
                        ) : (
                          <span>{name}</span>
                        )}
                      </th>
                      <td>{formatCount(present(row[columns.visitors]))}</td>
                      <td>{formatCount(present(row[columns.second]))}</td>
                      <td>{share(row[columns.third])}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
            {(onMap ? rows.length > FEW : asked.data.hasMore) || all ? (
              <Button variant="subtle" color="gray" className={styles.more} onClick={() => setAll(!all)}>
                {all ? "Fewer" : "All"}
              </Button>
            ) : null}
          </div>
        </div>
      )}
    </Panel>
  );
}
