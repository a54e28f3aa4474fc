import { NumberInput, Select, Switch, TagsInput } from "@mantine/core";
import type { FunnelsQuery, PathsEvents, PathsQuery } from "@/api/insights";
import { Aggregation } from "@/features/insight/Aggregation";
import { FunnelPathsLine } from "@/features/insight/FunnelPathsLine";
import styles from "@/features/insight/InsightPage.module.css";
import { PathCleaning } from "@/features/insight/PathCleaning";
import { LaterText } from "@/ui/pickers/LaterText";

interface PathsProps {
  query: PathsQuery;
  onChange: (query: PathsQuery | FunnelsQuery) => void;
}

const EVENTS: [PathsEvents, string][] = [
  ["$pageview", "Page views"],
  ["$screen", "Screens"],
  ["custom_event", "Custom events"],
  ["hogql", "SQL expression"],
];
const USUAL_LINKS = 50;
const MOST_LINKS = 500;
const MOST_PEOPLE = 1_000_000_000;

/** What a path is made of, where it begins and ends, and which of its links are drawn. */
export function PathsOptions({ query, onChange }: PathsProps) {
  const filter = query.pathsFilter;
  const set = (changes: Partial<PathsQuery["pathsFilter"]>) =>
    onChange({ ...query, pathsFilter: { ...filter, ...changes } });
  const kinds = filter.includeEventTypes ?? ["$pageview"];
  const number = (
    label: string,
    key: "edgeLimit" | "minEdgeWeight" | "maxEdgeWeight",
    placeholder: string,
    most: number,
  ) => (
    <NumberInput
      size="xs"
      className={styles.narrow}
      aria-label={label}
      title={label}
      placeholder={placeholder}
      min={key === "edgeLimit" ? 1 : 0}
      max={most}
      allowDecimal={false}
      value={filter[key] ?? ""}
      onChange={(value) => set({ [key]: typeof value === "number" ? value : undefined })}
    />
  );
  const list = (label: string, key: "excludeEvents" | "pathGroupings", placeholder: string) => (
    <TagsInput
      size="xs"
      className={styles.tags}
      aria-label={label}
      placeholder={filter[key]?.length ? undefined : placeholder}
      value={filter[key] ?? []}
      acceptValueOnBlur
      onChange={(values) => set({ [key]: values.length ? values : undefined })}
    />
  );
  return (
    <>
      <FunnelPathsLine query={query} onChange={onChange} />
      <div className={styles.line}>
        <span className={styles.switches}>
          {EVENTS.map(([kind, label]) => (
            <Switch
              key={kind}
              size="xs"
              label={label}
              checked={kinds.includes(kind)}
              onChange={(event) =>
                set({
                  includeEventTypes: event.currentTarget.checked
                    ? [...kinds, kind]
                    : kinds.filter((other) => other !== kind),
                })
              }
            />
          ))}
        </span>
        {kinds.includes("hogql") ? (
          <LaterText
            className={styles.expression}
            label="SQL expression of paths"
            placeholder="event"
            value={filter.pathsHogQLExpression ?? ""}
            onApply={(text) => set({ pathsHogQLExpression: text || undefined })}
          />
        ) : null}
        <Aggregation
          groupTypeIndex={query.aggregation_group_type_index}
          onChange={(index) => onChange({ ...query, aggregation_group_type_index: index })}
        />
      </div>
      <div className={styles.line}>
        <LaterText
          className={styles.formula}
          label="Start at"
          placeholder="Start at, like /pricing"
          value={filter.startPoint ?? ""}
          onApply={(text) => set({ startPoint: text || undefined })}
        />
        <LaterText
          className={styles.formula}
          label="End at"
          placeholder="End at, like /thanks"
          value={filter.endPoint ?? ""}
          onApply={(text) => set({ endPoint: text || undefined })}
        />
        {list("Left out", "excludeEvents", "Leave out, like /login")}
        {list("Put together", "pathGroupings", "Put together, like /product/*")}
      </div>
      <div className={styles.line}>
        <Select
          className={styles.narrow}
          aria-label="Steps"
          data={["2", "3", "4", "5", "6", "8", "10", "15", "20"].map((steps) => ({
            value: steps,
            label: `${steps} steps`,
          }))}
          value={String(filter.stepLimit ?? 5)}
          onChange={(steps) => set({ stepLimit: Number(steps) })}
        />
        {number("Most links that are drawn", "edgeLimit", `${USUAL_LINKS} links`, MOST_LINKS)}
        {number("Links of at least so many people", "minEdgeWeight", "At least", MOST_PEOPLE)}
        {number("Links of at most so many people", "maxEdgeWeight", "At most", MOST_PEOPLE)}
        <PathCleaning query={query} onChange={onChange} />
      </div>
    </>
  );
}
