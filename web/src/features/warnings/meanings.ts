/** What a kind of warning means, and what to do about it. */
export const MEANINGS: Record<string, { title: string; advice: string }> = {
  many_distinct_ids_on_one_person: {
    title: "One person gathers very many distinct ids",
    advice:
      "Probably many people are identified by one and the same id: a shared login, a placeholder, a default. Stop it at the source, then split the ids off again on the person's page; all numbers follow.",
  },
  person_has_too_many_distinct_ids: {
    title: "A person has as many distinct ids as the server allows",
    advice:
      "The merge was refused. Check that identify is not called with an id that many people share; the operator sets the limit.",
  },
  cannot_merge_already_identified: {
    title: "Two identified persons were not merged",
    advice:
      "An identify or alias call would have joined two persons who both are identified. Call reset() when people sign out; use $merge_dangerously to join them on purpose, or merge them by hand on a person's page.",
  },
  cannot_merge_with_illegal_distinct_id: {
    title: "A distinct id that stands for many people",
    advice:
      'Ids like "null", "undefined" or "anonymous" would join strangers. Check what your code passes to identify.',
  },
  merge_limit_exceeded: {
    title: "A merge would have moved too many distinct ids",
    advice:
      "The whole event was set aside, so what it set is missing too. Many ids on one person usually mean that many people are identified by one id; if they are one person's, raise the project's limit and merge them by hand.",
  },
  merge_race_condition: { title: "A merge was repeated", advice: "Nothing to do: two merges of the same persons met." },
  invalid_event_when_process_person_profile_is_false: {
    title: "An event about a person came without a person",
    advice:
      "identify, alias and group calls need a person, so with $process_person_profile set to false they are dropped. Send them without it.",
  },
  invalid_process_person_profile: {
    title: "$process_person_profile is neither true nor false",
    advice: "It was ignored, so the event counts as identified. Send a boolean, no text.",
  },
  person_properties_size_violation: {
    title: "A person's properties are too large",
    advice: "Some were left out, the last of the alphabet first. Set fewer or shorter properties.",
  },
  invalid_group_set: {
    title: "$group_set is no object",
    advice: "The group was not changed. Send its properties as an object.",
  },
  group_key_too_long: { title: "A group's key is too long", advice: "The group was not written. Use a shorter key." },
  invalid_event_session_id: {
    title: "A session id is no UUID",
    advice: "The event is kept. Only UUIDs of version 7 make sessions.",
  },
  missing_distinct_id: { title: "An event without a distinct id", advice: "It was dropped: nobody did it." },
  distinct_id_truncated: {
    title: "A distinct id was cut to 200 characters",
    advice: "Ids that begin alike become one person. Send shorter ones: a user's id, not a token or a document.",
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
  cookieless_timestamp_out_of_range: {
    title: "A cookieless event came too late",
    advice: "The secret of its day is destroyed by now, so nobody can tell who it was; it was dropped.",
  },
  client_ingestion_warning: {
    title: "A library warns about itself",
    advice: "posthog-js sent this: it left something out or changed it. The details say what.",
  },
};
