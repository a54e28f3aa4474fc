import type { Behaviour } from "@/api/cohorts";
import { useActions } from "@/api/definitions";
import type { PickedEvent } from "@/ui/pickers/EventPicker";

/** The key of what was picked, and whether it is an event or an action. */
export const pickedKey = ({ kind, event, actionId }: PickedEvent): [string | number, Behaviour["event_type"]] | null =>
  kind === "action" && actionId !== undefined ? [actionId, "actions"] : event ? [event, "events"] : null;

/** How an event or action of a criterion is called. */
export function useEventName(): (key: unknown, type: unknown) => string {
  const actions = useActions();
  return (key, type) =>
    type === "actions"
      ? (actions.data?.results.find(({ id }) => id === Number(key))?.name ?? `Action ${key}`)
      : String(key ?? "");
}
