import type { Person } from "@/api/persons";
import { formatValue } from "@/ui/format";

/** What a person is called: the API's name, an e-mail address or a name property, else a distinct id. */
export function personName(person: Person): string {
  const { email, name, username } = person.properties;
  return person.name || formatValue(email ?? name ?? username) || person.distinct_ids[0] || person.uuid || person.id;
}
