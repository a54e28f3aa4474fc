import { type PropertyOwner, usePropertyDefinitions } from "@/api/definitions";
import type { PropertyFilter } from "@/api/insights";
import { EVENT_FIELDS } from "@/ui/pickers/eventFields";
import { SESSION_FIELDS } from "@/ui/pickers/sessionFields";

/** The type of a filter's property as far as it is known: Numeric, DateTime, Boolean, String. */
export function usePropertyType({ type, key, group_type_index }: PropertyFilter): string | null {
  const learnt = type === "event" || type === "person" || type === "group";
  const owner: PropertyOwner = learnt ? type : "event";
  const found = usePropertyDefinitions(owner, key, learnt && key !== "", group_type_index);
  if (type === "session") return SESSION_FIELDS.find(({ name }) => name === key)?.type ?? null;
  if (type === "event_metadata") return EVENT_FIELDS.find(({ name }) => name === key)?.type ?? null;
  if (!learnt) return null;
  return found.data?.results.find(({ name }) => name === key)?.property_type ?? null;
}
