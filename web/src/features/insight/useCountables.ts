import { useGroupTypes } from "@/api/persons";
import type { Countable } from "@/ui/insights/maths";

/** The group types of the project, as things that can be counted instead of users. */
export function useCountables(): Countable[] {
  return (useGroupTypes().data ?? []).map((type) => ({
    index: type.group_type_index,
    name: type.name_plural || type.group_type,
  }));
}
