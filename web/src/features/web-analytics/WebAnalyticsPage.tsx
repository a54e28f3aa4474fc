import { ActionIcon, Switch } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { PropertyFilter, TrendResult, TrendsQuery } from "@/api/insights";
import { useAnswer } from "@/api/query";
import { Breakdown } from "@/features/web-analytics/Breakdown";
import { DEVICES, PAGES, PLACES, SOURCES } from "@/features/web-analytics/breakdowns";
import { Figures, type Metric } from "@/features/web-analytics/Figures";
import { Goals } from "@/features/web-analytics/Goals";
import { Live } from "@/features/web-analytics/Live";
import { intervalOf, type Look } from "@/features/web-analytics/look";
import styles from "@/features/web-analytics/web.module.css";
import { TrendAnswer } from "@/ui/insights/TrendAnswer";
import { Page, Panel } from "@/ui/Page";
import { DateRangePicker } from "@/ui/pickers/DateRangePicker";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { Failure, Loading } from "@/ui/states/States";
import { useUrlState } from "@/ui/useUrlState";

const MATHS: Record<Metric, { math: string; name: string }> = {
  visitors: { math: "dau", name: "Visitors" },
  views: { math: "total", name: "Page views" },
  sessions: { math: "unique_session", name: "Sessions" },
};

export default function WebAnalyticsPage() {
  const [look, setLook] = useUrlState<Look>("look", { range: { date_from: "-7d" }, filters: [] });
  const [metric, setMetric] = useState<Metric>("visitors");
  const { math, name } = MATHS[metric];
  const trends: TrendsQuery = {
    kind: "TrendsQuery",
    series: [{ kind: "EventsNode", event: "$pageview", name, custom_name: name, math }],
    interval: intervalOf(look.range),
    dateRange: look.range,
    properties: look.filters,
    compareFilter: look.compare ? { compare: true } : undefined,
    trendsFilter: { display: look.compare ? "ActionsLineGraph" : "ActionsAreaGraph" },
  };
  const trend = useAnswer<TrendResult[]>(trends);
  const filterBy = (filter: PropertyFilter) => {
    const others = look.filters.filter((old) => old.key !== filter.key || old.type !== filter.type);
    setLook({ ...look, filters: [...others, filter] });
  };
  const goal = look.goal?.name;
  return (
    <Page
      title="Web analytics"
      actions={
        <>
          <Live />
          <DateRangePicker range={look.range} onChange={(range) => setLook({ ...look, range })} />
        </>
      }
    >
      <div className={styles.filters}>
        <PropertyFilters
          filters={look.filters}
          owners={["event"]}
          onChange={(filters) => setLook({ ...look, filters })}
        />
        <EventPicker
          label={goal ? `Goal: ${goal}` : "Goal"}
          text={goal ? `Goal: ${goal}` : "Goal"}
          ghost={!goal}
          withActions
          withAll={false}
          onPick={({ event, actionId, name: picked }) =>
            setLook({ ...look, goal: { name: picked, event: event ?? undefined, actionId } })
          }
        />
        {goal ? (
          <ActionIcon aria-label="Remove the goal" onClick={() => setLook({ ...look, goal: undefined })}>
            <IconX size={15} />
          </ActionIcon>
        ) : null}
        <Switch
          size="xs"
          label="Compare with the period before"
          checked={look.compare ?? false}
          onChange={(event) => setLook({ ...look, compare: event.currentTarget.checked || undefined })}
        />
        <Switch
          size="xs"
          label="Path cleaning"
          title="Count paths as one that the project's cleaning rules make the same; Settings has the rules"
          checked={look.clean ?? false}
          onChange={(event) => setLook({ ...look, clean: event.currentTarget.checked || undefined })}
        />
      </div>
      <Panel>
        <Figures look={look} metric={metric} onMetric={setMetric} />
        <div className={styles.chart}>
          {trend.error && !trend.data ? (
            <Failure problem={trend.error} onRetry={() => trend.refetch()} />
          ) : trend.data ? (
            <TrendAnswer query={trends} lines={trend.data.results} height={270} />
          ) : (
            <Loading />
          )}
        </div>
      </Panel>
      <div className={styles.columns}>
        <Breakdown
          title="Pages"
          forms={PAGES}
          look={look}
          onFilter={filterBy}
          onDepth={(depth) => setLook({ ...look, depth: depth || undefined })}
        />
        <Breakdown title="Sources" forms={SOURCES} look={look} onFilter={filterBy} />
        <Breakdown title="Places" forms={PLACES} look={look} map onFilter={filterBy} />
        <Breakdown title="Devices" forms={DEVICES} look={look} onFilter={filterBy} />
        <Goals look={look} />
      </div>
    </Page>
  );
}
