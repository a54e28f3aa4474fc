import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ask, type SqlQuery } from "@/api/query";
import { useProject } from "@/api/session";

export interface LiveEvent {
  uuid: string;
  event: string;
  timestamp: string;
  distinctId: string;
  personId: string;
  url: string;
  lib: string;
}

const ASK_EVERY = 2000; // milliseconds
const SHOWN = 200; // events in the list
const NEAR = "timestamp > now() - INTERVAL 1 DAY";

interface Wanted {
  event: string;
  person: string;
  paused: boolean;
}

function question({ event, person }: Wanted, near: boolean): SqlQuery {
  const where = [near ? NEAR : "", event ? "event = {event}" : "", person ? "distinct_id = {person}" : ""].filter(
    Boolean,
  );
  return {
    kind: "HogQLQuery",
    query:
      "SELECT uuid, event, timestamp, distinct_id, person_id, properties.$current_url, properties.$lib FROM events " +
      `${where.length > 0 ? `WHERE ${where.join(" AND ")} ` : ""}ORDER BY timestamp DESC LIMIT ${SHOWN}`,
    values: { event, person },
  };
}

/** The newest events, asked for again every two seconds while the page is in sight and not paused. */
export function useLiveEvents(wanted: Wanted) {
  const { id } = useProject();
  const asked = useQuery({
    queryKey: ["live", id, wanted.event, wanted.person],
    queryFn: async ({ signal }): Promise<LiveEvent[]> => {
      // The last day answers at once; only a quiet project is asked for all of its time.
      let answer = await ask<string[][]>(id, question(wanted, true), signal, "force_blocking");
      if (answer.results.length === 0) {
        answer = await ask<string[][]>(id, question(wanted, false), signal, "force_blocking");
      }
      return answer.results.map(([uuid, event, timestamp, distinctId, personId, url, lib]) => ({
        uuid: uuid ?? "",
        event: event ?? "",
        timestamp: timestamp ?? "",
        distinctId: distinctId ?? "",
        personId: personId ?? "",
        url: url ?? "",
        lib: lib ?? "",
      }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: wanted.paused ? false : ASK_EVERY,
  });
  return {
    events: asked.data ?? [],
    loading: asked.isPending,
    problem: asked.error,
    retry: () => asked.refetch(),
  };
}
