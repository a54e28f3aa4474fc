import { Link } from "wouter";
import { useAnswer } from "@/api/query";
import { useProjectPath } from "@/api/session";
import { type Look, webQuery } from "@/features/web-analytics/look";
import { formatCount, formatPercent } from "@/ui/format";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

type Pair = [number | null, number | null] | number | null;
const present = (pair: Pair) => (Array.isArray(pair) ? pair[0] : pair) ?? 0;

/** How many visitors did each of the project's actions. */
export function Goals({ look }: { look: Look }) {
  const path = useProjectPath();
  const asked = useAnswer<[string, Pair, Pair, Pair][]>(webQuery("WebGoalsQuery", { ...look, goal: undefined }));
  const rows = asked.data?.results ?? [];
  return (
    <Panel title="Goals">
      {asked.error && !asked.data ? (
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      ) : !asked.data ? (
        <Loading lines={6} />
      ) : rows.length === 0 ? (
        <Empty title="No goals yet" action={<Link href={path("actions/new")}>Make an action</Link>}>
          Every action is a goal: a click, a page or any event that you want visitors to get to.
        </Empty>
      ) : (
        <Table
          label="Goals"
          rows={rows}
          keyOf={(_, at) => at}
          columns={[
            { name: "Goal", cell: (row) => row[0] },
            { name: "Visitors", number: true, cell: (row) => formatCount(present(row[1])) },
            { name: "Times", number: true, cell: (row) => formatCount(present(row[2])) },
            { name: "Rate", number: true, cell: (row) => formatPercent(present(row[3])) },
          ]}
        />
      )}
    </Panel>
  );
}
