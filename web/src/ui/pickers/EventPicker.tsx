import { useState } from "react";
import { useActions, useEventDefinitions } from "@/api/definitions";
import { formatAgo, formatShort } from "@/ui/format";
import { type Choice, Picker } from "@/ui/pickers/Picker";

export interface PickedEvent {
  kind: "event" | "action";
  /** null: every event */
  event: string | null;
  actionId?: number;
  name: string;
}

interface EventPickerProps {
  label: string;
  text: string;
  ghost?: boolean;
  withActions?: boolean;
  withAll?: boolean;
  onPick: (picked: PickedEvent) => void;
}

const ALL = "all:";

/** Events that were seen, with volume and when last, and actions. */
export function EventPicker({ label, text, ghost, withActions = false, withAll = true, onPick }: EventPickerProps) {
  const [search, setSearch] = useState("");
  const events = useEventDefinitions(search);
  const actions = useActions();
  const wanted = search.toLowerCase();

  const choices: Choice[] = [];
  if (withAll && "all events".includes(wanted)) choices.push({ value: ALL, label: "All events" });
  for (const event of events.data?.results ?? []) {
    const volume = (event.volume ?? event.volume_30_day) ? formatShort(event.volume ?? event.volume_30_day ?? 0) : null;
    const seen = event.last_seen_at ? formatAgo(event.last_seen_at) : null;
    choices.push({
      value: `event:${event.name}`,
      label: event.name,
      meta: [volume, seen].filter(Boolean).join(" · "),
      group: "Events",
    });
  }
  for (const action of (withActions && actions.data?.results) || []) {
    if (action.name.toLowerCase().includes(wanted))
      choices.push({ value: `action:${action.id}`, label: action.name, group: "Actions" });
  }

  const pick = (value: string) => {
    if (value === ALL) onPick({ kind: "event", event: null, name: "All events" });
    else if (value.startsWith("event:")) onPick({ kind: "event", event: value.slice(6), name: value.slice(6) });
    else {
      const id = Number(value.slice(7));
      const name = actions.data?.results.find((action) => action.id === id)?.name ?? `Action ${id}`;
      onPick({ kind: "action", event: null, actionId: id, name });
    }
  };
  return (
    <Picker
      label={label}
      text={text}
      ghost={ghost}
      choices={choices}
      search={search}
      loading={events.isFetching}
      empty={search ? `No event is called “${search}”` : "No events yet"}
      onSearch={setSearch}
      onPick={pick}
    />
  );
}
