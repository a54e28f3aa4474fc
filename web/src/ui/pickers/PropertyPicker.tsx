import { useState } from "react";
import { type PropertyOwner, usePropertyDefinitions } from "@/api/definitions";
import { type Choice, Picker } from "@/ui/pickers/Picker";

export interface PickedProperty {
  owner: PropertyOwner;
  key: string;
  type: string | null;
}

interface PropertyPickerProps {
  label: string;
  text: string;
  ghost?: boolean;
  owners?: PropertyOwner[];
  onPick: (picked: PickedProperty) => void;
}

const TITLES: Record<PropertyOwner, string> = {
  event: "Event properties",
  person: "Person properties",
  group: "Group properties",
  session: "Session properties",
};

/** Properties that were seen on events and persons, with their types. */
export function PropertyPicker({ label, text, ghost, owners = ["event", "person"], onPick }: PropertyPickerProps) {
  const [search, setSearch] = useState("");
  const event = usePropertyDefinitions("event", search, owners.includes("event"));
  const person = usePropertyDefinitions("person", search, owners.includes("person"));
  const found = { event: event.data?.results ?? [], person: person.data?.results ?? [], group: [], session: [] };

  const choices: Choice[] = owners.flatMap((owner) =>
    found[owner].map((property) => ({
      value: `${owner}:${property.name}`,
      label: property.name,
      meta: property.property_type ?? undefined,
      group: TITLES[owner],
    })),
  );
  // A property that was never seen can still be asked for: it may arrive tomorrow.
  if (search !== "" && !choices.some((choice) => choice.label === search)) {
    choices.push({ value: `${owners[0]}:${search}`, label: search, meta: "not seen yet" });
  }
  return (
    <Picker
      label={label}
      text={text}
      ghost={ghost}
      choices={choices}
      search={search}
      loading={event.isFetching || person.isFetching}
      empty="No properties yet"
      onSearch={setSearch}
      onPick={(value) => {
        const at = value.indexOf(":");
        const owner = value.slice(0, at) as PropertyOwner;
        const key = value.slice(at + 1);
        const type = found[owner].find((property) => property.name === key)?.property_type ?? null;
        onPick({ owner, key, type });
      }}
    />
  );
}
