-- Persons, groups and how they came together.
--
-- For operators: creates empty tables; takes milliseconds; needs no free space to speak of.
-- Going back: stop the server, restore the copy of the data folder taken before the upgrade.

-- One row: the number of the last change of persons or groups (also the version of rows in the event store),
-- and the next person's number.
CREATE TABLE persons_clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL,
  next_person_id INTEGER NOT NULL
);
INSERT INTO persons_clock (id, epoch, next_person_id) VALUES (1, 0, 1);

CREATE TABLE persons (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  uuid BLOB NOT NULL,                    -- 16 bytes
  created_at INTEGER NOT NULL,           -- microseconds since 1970, UTC (all times of this database)
  properties TEXT NOT NULL,              -- JSON object
  is_identified INTEGER NOT NULL,
  version INTEGER NOT NULL,
  distinct_id_count INTEGER NOT NULL,
  last_seen_at INTEGER
);
CREATE UNIQUE INDEX persons_by_uuid ON persons (project_id, uuid);

CREATE TABLE person_distinct_ids (
  project_id INTEGER NOT NULL,
  distinct_id TEXT NOT NULL,
  person_id INTEGER NOT NULL,            -- no REFERENCES: checking it would cost 0.8 µs of 7 for every new id
  version INTEGER NOT NULL,
  PRIMARY KEY (project_id, distinct_id)
) WITHOUT ROWID;
CREATE INDEX person_distinct_ids_by_person ON person_distinct_ids (person_id);

-- Events stamped with old_uuid belong to new_uuid. Chains are kept flat.
CREATE TABLE person_overrides (
  project_id INTEGER NOT NULL,
  old_uuid BLOB NOT NULL,
  new_uuid BLOB NOT NULL,
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, old_uuid)
) WITHOUT ROWID;
CREATE INDEX person_overrides_by_new ON person_overrides (project_id, new_uuid);

-- What joined what, by which event, when; and what is needed to undo it.
CREATE TABLE merge_log (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  kind TEXT NOT NULL,                    -- $identify, $create_alias, $merge_dangerously, manual
  outcome TEXT NOT NULL,                 -- created, source_attached, target_attached, merged
  source_distinct_id TEXT NOT NULL,
  target_distinct_id TEXT NOT NULL,
  person_uuid BLOB NOT NULL,             -- who survived
  merged_uuid BLOB,                      -- who went (outcome merged)
  event_uuid BLOB,
  happened_at INTEGER NOT NULL,          -- time of the event
  recorded_at INTEGER NOT NULL,
  before TEXT NOT NULL,                  -- JSON: the person that went, and what the survivor got from it
  undone_at INTEGER,
  undone_by TEXT
);
CREATE INDEX merge_log_by_source ON merge_log (project_id, source_distinct_id);
CREATE INDEX merge_log_by_target ON merge_log (project_id, target_distinct_id);

-- Deleted persons' ids: events received before the deletion do not bring the person back.
CREATE TABLE deleted_distinct_ids (
  project_id INTEGER NOT NULL,
  implied_uuid BLOB NOT NULL,            -- the hash of the distinct id that is its uuid: the id itself is forgotten
  person_uuid BLOB NOT NULL,
  deleted_at INTEGER NOT NULL,
  with_events INTEGER NOT NULL,
  PRIMARY KEY (project_id, implied_uuid)
) WITHOUT ROWID;

-- Who was deleted, and what a look into the event store found afterwards.
CREATE TABLE deletion_jobs (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  person_uuid BLOB NOT NULL,
  kind TEXT NOT NULL,                    -- person, events, person_and_events, anonymise
  uuids TEXT NOT NULL,                   -- JSON: every uuid that events of this person carried
  created_at INTEGER NOT NULL,
  verified_at INTEGER,
  left_over INTEGER                      -- events found at verification; 0 when done
);

CREATE TABLE group_types (
  project_id INTEGER NOT NULL,
  group_type_index INTEGER NOT NULL CHECK (group_type_index BETWEEN 0 AND 4),
  group_type TEXT NOT NULL,
  name_singular TEXT,
  name_plural TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, group_type_index),
  UNIQUE (project_id, group_type)
) WITHOUT ROWID;

CREATE TABLE groups (
  project_id INTEGER NOT NULL,
  group_type_index INTEGER NOT NULL,
  group_key TEXT NOT NULL,
  properties TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (project_id, group_type_index, group_key)
) WITHOUT ROWID;

-- Changes made through the API that the event store has yet to be told, in order. Empty but for moments.
CREATE TABLE store_outbox (
  id INTEGER PRIMARY KEY,
  operation TEXT NOT NULL                -- JSON, see persons/outbox.py
);

-- Events that wait for their $identify (project setting event_buffer_seconds).
CREATE TABLE buffered_events (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  uuid BLOB NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX buffered_events_by_due ON buffered_events (due_at);
