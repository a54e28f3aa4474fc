import type { DateRange, PropertyFilter, TrendResult, TrendsQuery } from "@/api/insights";
import { rowsAsObjects, useAnswer } from "@/api/query";
import { Breakdown } from "@/features/web-analytics/Breakdown";
import { Figures } from "@/features/web-analytics/Figures";
import styles from "@/features/web-analytics/web.module.css";
import { formatCount } from "@/ui/format";
import { TrendAnswer } from "@/ui/insights/TrendAnswer";
import { Page, Panel } from "@/ui/Page";
import { DateRangePicker } from "@/ui/pickers/DateRangePicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { Failure, Loading } from "@/ui/states/States";
import { useUrlState } from "@/ui/useUrlState";

const LIVE_MINUTES = 5;
const LIVE = `SELECT count(DISTINCT person_id) AS people FROM events WHERE timestamp > now() - INTERVAL ${LIVE_MINUTES} MINUTE`;

interface Look {
  range: DateRange;
  filters: PropertyFilter[];
}

/** Tables of the page, each with the forms it can take. */
const TABLES: { title: string; forms: { label: string; breakdownBy: string }[] }[] = [
  {
    title: "Pages",
    forms: [
      { label: "Pages", breakdownBy: "Page" },
      { label: "Entry", breakdownBy: "InitialPage" },
      { label: "Exit", breakdownBy: "ExitPage" },
    ],
  },
  {
    title: "Sources",
    forms: [
      { label: "Channels", breakdownBy: "InitialChannelType" },
      { label: "Referrers", breakdownBy: "InitialReferringDomain" },
      { label: "Source", breakdownBy: "InitialUTMSource" },
      { label: "Campaign", breakdownBy: "InitialUTMCampaign" },
    ],
  },
  {
    title: "Devices",
    forms: [
      { label: "Type", breakdownBy: "DeviceType" },
      { label: "Browser", breakdownBy: "Browser" },
      { label: "System", breakdownBy: "OS" },
    ],
  },
  { title: "Places", forms: [{ label: "Countries", breakdownBy: "Country" }] },
];

export default function WebAnalyticsPage() {
  const [look, setLook] = useUrlState<Look>("look", { range: { date_from: "-7d" }, filters: [] });
  const live = useAnswer<unknown[][]>({ kind: "HogQLQuery", query: LIVE }, { refetchInterval: 15_000, staleTime: 0 });
  const people = rowsAsObjects(live.data)[0]?.people;
  const views: TrendsQuery = {
    kind: "TrendsQuery",
    series: [{ kind: "EventsNode", event: "$pageview", name: "Visitors", custom_name: "Visitors", math: "dau" }],
    interval: /^-(1|24)h$|^-?1?dStart$/.test(look.range.date_from ?? "") ? "hour" : "day",
    dateRange: look.range,
    properties: look.filters,
    trendsFilter: { display: "ActionsAreaGraph" },
  };
  const trend = useAnswer<TrendResult[]>(views);
  return (
    <Page
      title="Web analytics"
      actions={
        <>
          {people !== undefined ? (
            <span className={styles.live}>
              <i aria-hidden /> {formatCount(Number(people))} in the last {LIVE_MINUTES} minutes
            </span>
          ) : null}
          <DateRangePicker range={look.range} onChange={(range) => setLook({ ...look, range })} />
        </>
      }
    >
      <PropertyFilters
        filters={look.filters}
        owners={["event"]}
        onChange={(filters) => setLook({ ...look, filters })}
      />
      <Panel>
        <Figures range={look.range} filters={look.filters} />
        <div className={styles.chart}>
          {trend.error ? (
            <Failure problem={trend.error} onRetry={() => trend.refetch()} />
          ) : trend.data ? (
            <TrendAnswer query={views} lines={trend.data.results} height={270} />
          ) : (
            <Loading />
          )}
        </div>
      </Panel>
      <div className={styles.columns}>
        {TABLES.map((table) => (
          <Breakdown
            key={table.title}
            title={table.title}
            forms={table.forms}
            range={look.range}
            filters={look.filters}
          />
        ))}
      </div>
    </Page>
  );
}
