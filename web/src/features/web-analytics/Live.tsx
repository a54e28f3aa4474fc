import { Popover, UnstyledButton } from "@mantine/core";
import { useAnswer } from "@/api/query";
import styles from "@/features/web-analytics/web.module.css";
import { formatCount } from "@/ui/format";
import { Table } from "@/ui/tables/Table";

const MINUTES = 5;
const ASK_EVERY = 15_000; // milliseconds

interface LiveAnswer {
  visitors: number;
  pages: [string, number][];
}

/** Who is here now; the pages they are on are a click away. */
export function Live() {
  const live = useAnswer<LiveAnswer>(
    { kind: "WebLiveQuery", minutes: MINUTES },
    { refetchInterval: ASK_EVERY, staleTime: 0 },
  );
  const now = live.data?.results;
  if (!now) return null;
  const text = `${formatCount(now.visitors)} ${now.visitors === 1 ? "visitor" : "visitors"} now`;
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={styles.live} title={`In the last ${MINUTES} minutes`}>
          <i aria-hidden /> {text}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        {now.pages.length === 0 ? (
          <p className="quiet">Nobody has been on a page in the last {MINUTES} minutes.</p>
        ) : (
          <Table
            label="Pages that are read now"
            rows={now.pages}
            keyOf={([page]) => page}
            columns={[
              { name: "Page", cell: ([page]) => page },
              { name: "Visitors", number: true, cell: ([, visitors]) => formatCount(visitors) },
            ]}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
