import { ActionIcon, Button, Select, Switch } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import type { PropertyFilter } from "@/api/insights";
import { useAnswer } from "@/api/query";
import { columnsOf, type Form, filterOf, nameOf } from "@/features/web-analytics/breakdowns";
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
  /** Scroll depth is shown or not; left out where there are no pages to scroll. */
  onDepth?: (depth: boolean) => void;
}

const VISITORS = 1; // the place of visitors in a row
const FEW = 10;
const MANY = 200;
// Pixels. On a phone the map is as wide as the screen, and lower.
const mapHeight = () => Math.min(380, Math.round(window.innerWidth * 0.58));

/** A cell is the present number, or a pair of it and that of the period before. */
const present = (cell: unknown): number => Number(Array.isArray(cell) ? cell[0] : cell) || 0;

/** Visitors by something, the most first. A row is a button that filters the page by it. */
export function Breakdown({ title, forms, look, map = false, onFilter, onDepth }: BreakdownProps) {
  const [by, setBy] = useState(forms[0]?.by ?? "Page");
  const [all, setAll] = useState(false);
  const form = forms.find((one) => one.by === by) ?? forms[0];
  const onMap = map && by === "Country";
  const scrolled = onDepth !== undefined && by === "Page" && !look.goal;
  const depth = scrolled && look.depth === true;
  const asked = useAnswer<unknown[][]>(
    webQuery("WebStatsTableQuery", look, {
      breakdownBy: by,
      limit: all || onMap ? MANY : FEW,
      includeBounceRate: !look.goal,
      ...(depth ? { includeScrollDepth: true } : {}),
    }),
  );
  const rows = asked.data?.results ?? [];
  const columns = columnsOf({ goal: look.goal !== undefined, depth });
  const most = Math.max(1, ...rows.map((row) => present(row[VISITORS])));
  const shown = all ? rows : rows.slice(0, FEW);
  const share = (cell: unknown) => {
    const value = Array.isArray(cell) ? cell[0] : cell;
    return value === null || value === undefined ? "–" : formatPercent(Number(value), 0);
  };
  const choose = (value: unknown) => {
    const filter = form ? filterOf(form, value, look.clean) : null;
    if (filter) onFilter(filter);
  };
  return (
    <Panel
      title={title}
      className={map ? styles.whole : undefined}
      actions={
        <span className={styles.tools}>
          {scrolled ? (
            <Switch
              size="xs"
              label="Scroll depth"
              title="How far down pages were scrolled on average, and how many views saw more than 80 % of the page"
              checked={depth}
              onChange={(event) => onDepth(event.currentTarget.checked)}
            />
          ) : null}
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
                  [form?.label ?? title, ...columns.map((column) => column.title)],
                  rows.map((row) => [nameOf(by, row[0]), ...columns.map(({ at }) => present(row[at]))]),
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
              values={rows.map((row) => ({ code: String(row[0] ?? ""), value: present(row[VISITORS]) }))}
              onCountry={choose}
            />
          ) : null}
          <div className={depth ? styles.wide : undefined}>
            <table className={styles.bars}>
              <thead>
                <tr>
                  <th scope="col">{form?.label}</th>
                  {columns.map((column) => (
                    <th key={column.title} scope="col">
                      {column.title}
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
                        <i style={{ width: `${(100 * present(row[VISITORS])) / most}%` }} aria-hidden />
                        {form && filterOf(form, row[0], look.clean) ? (
                          <button type="button" title={`Only ${name}`} onClick={() => choose(row[0])}>
                            {name}
                          </button>
                        ) : (
                          <span>{name}</span>
                        )}
                      </th>
                      {columns.map((column) => (
                        <td key={column.title}>
                          {column.share ? share(row[column.at]) : formatCount(present(row[column.at]))}
                        </td>
                      ))}
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
