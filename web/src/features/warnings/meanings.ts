/** What a kind of warning means, and what to do about it. */
export const MEANINGS: Record<string, { title: string; advice: string }> = {
  cannot_merge_already_identified: {
    title: "Two identified persons were not merged",
    advice:
      "An identify or alias call would have joined two persons who both are identified. Call reset() when people sign out; use $merge_dangerously to join them on purpose.",
  },
  cannot_merge_with_illegal_distinct_id: {
    title: "A distinct id that stands for many people",
    advice:
      'Ids like "null", "undefined" or "anonymous" would join strangers. Check what your code passes to identify.',
  },
  message_size_too_large: {
    title: "An event was too large",
    advice: "Send fewer or shorter properties with it.",
  },
  ignored_invalid_timestamp: {
    title: "A timestamp could not be read",
    advice: "The time of arrival was taken. Send ISO 8601, like 2026-01-31T12:00:00Z.",
  },
  event_timestamp_in_future: {
    title: "A timestamp lies in the future",
    advice: "The clock of a device is ahead. The time of arrival was taken.",
  },
  merge_race_condition: { title: "A merge was repeated", advice: "Nothing to do: two merges of the same persons met." },
  too_many_distinct_ids: {
    title: "One person gathers very many distinct ids",
    advice: "Check that identify is not called with an id that many people share.",
  },
};
