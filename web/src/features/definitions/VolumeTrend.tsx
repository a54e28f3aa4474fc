import type { DefinitionList } from "@/api/definitions";
import styles from "@/features/definitions/definitions.module.css";
import { addsUp, countedIn, useVolume, volumeInWords } from "@/features/definitions/volume";
import { Sparkline } from "@/ui/charts/Sparkline";
import { formatCount } from "@/ui/format";
import { Failure, Loading } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

/** What arrived of a definition on each of the last thirty days, as bars and as a table. */
export function VolumeTrend({ list, name }: { list: DefinitionList; name: string }) {
  const { volume, error, refetch } = useVolume(list, name);
  const total = (volume?.counts ?? []).reduce((sum, count) => sum + count, 0);
  return (
    <section aria-label="Last 30 days" className={styles.volume}>
      <h2>Last 30 days</h2>
      {error ? (
        <Failure problem={error} onRetry={() => refetch()} />
      ) : !volume ? (
        <Loading lines={2} />
      ) : total === 0 ? (
        <p className="quiet">Nothing arrived.</p>
      ) : (
        <>
          <Sparkline label={`${countedIn(list)}: ${volumeInWords(volume, list)}`} data={volume.counts} height={64} />
          <p className="quiet">
            {countedIn(list)}, by day{addsUp(list) ? `: ${formatCount(total)} in all` : ""}
          </p>
          <details>
            <summary>As a table</summary>
            <Table
              label="By day"
              rows={volume.days.map((day, at) => ({ day, count: volume.counts[at] ?? 0 })).reverse()}
              keyOf={({ day }) => day}
              columns={[
                { name: "Day", cell: ({ day }) => day },
                { name: countedIn(list), number: true, cell: ({ count }) => formatCount(count) },
              ]}
            />
          </details>
        </>
      )}
    </section>
  );
}
