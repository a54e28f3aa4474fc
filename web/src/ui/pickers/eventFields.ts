/** What every event has beside its properties, and what is known of an element that was clicked, as the API names it. */
export const EVENT_FIELDS: { name: string; type: string }[] = [
  { name: "distinct_id", type: "String" },
  { name: "event", type: "String" },
  { name: "timestamp", type: "DateTime" },
  { name: "person_mode", type: "String" },
  { name: "$session_id", type: "String" },
  { name: "$window_id", type: "String" },
];

export const ELEMENT_FIELDS: { name: string; type: string }[] = [
  { name: "text", type: "String" },
  { name: "href", type: "String" },
  { name: "selector", type: "String" },
  { name: "tag_name", type: "String" },
];
