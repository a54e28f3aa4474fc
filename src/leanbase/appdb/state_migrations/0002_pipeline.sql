-- What the pipeline keeps: its place in the log, definitions, drops, dead letters, warnings, usage.
--
-- For operators: creates empty tables; takes milliseconds; needs no free space to speak of.
-- Going back: stop the server, restore the copy of the data folder taken before the upgrade.

-- One row. The plan is the range of the log that the running turn covers; a crash repeats exactly it.
CREATE TABLE pipeline_position (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL,
  plan_start INTEGER,
  plan_end INTEGER,
  plan_inserted_at INTEGER
);
INSERT INTO pipeline_position (id, position) VALUES (1, 0);

CREATE TABLE event_definitions (
  project_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  id TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  volume INTEGER NOT NULL DEFAULT 0,
  description TEXT NOT NULL DEFAULT '',
  verified INTEGER NOT NULL DEFAULT 0,
  hidden INTEGER NOT NULL DEFAULT 0,
  tags TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (project_id, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX event_definitions_by_id ON event_definitions (id);

CREATE TABLE property_definitions (
  id TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))) UNIQUE,
  project_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('event', 'person', 'group', 'session')),
  group_type_index INTEGER NOT NULL DEFAULT -1,   -- -1 unless kind is group
  name TEXT NOT NULL,
  property_type TEXT,                             -- String, Numeric, Boolean, DateTime, Duration; NULL unknown
  is_numerical INTEGER NOT NULL DEFAULT 0,
  declared INTEGER NOT NULL DEFAULT 0,            -- the type was chosen by a user and is not learnt any more
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  verified INTEGER NOT NULL DEFAULT 0,
  hidden INTEGER NOT NULL DEFAULT 0,
  tags TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (project_id, kind, group_type_index, name)
) WITHOUT ROWID;

CREATE TABLE event_properties (
  project_id INTEGER NOT NULL,
  event TEXT NOT NULL,
  property TEXT NOT NULL,
  PRIMARY KEY (project_id, event, property)
) WITHOUT ROWID;
CREATE INDEX event_properties_by_property ON event_properties (project_id, property);

CREATE TABLE dropped (
  project_id INTEGER NOT NULL,
  day TEXT NOT NULL,                              -- YYYY-MM-DD, UTC, of receipt
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (project_id, day, reason)
) WITHOUT ROWID;

CREATE TABLE dropped_samples (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  reason TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  event TEXT NOT NULL DEFAULT '',
  distinct_id TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX dropped_samples_by_reason ON dropped_samples (project_id, reason, id);

CREATE TABLE dead_letters (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  payload BLOB NOT NULL
);
CREATE INDEX dead_letters_by_project ON dead_letters (project_id, id);

CREATE TABLE ingestion_warnings (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  details TEXT NOT NULL,                          -- JSON object
  timestamp INTEGER NOT NULL
);
CREATE INDEX ingestion_warnings_by_time ON ingestion_warnings (project_id, timestamp);

CREATE TABLE usage (
  project_id INTEGER NOT NULL,
  day TEXT NOT NULL,                              -- YYYY-MM-DD, UTC
  kind TEXT NOT NULL,                             -- see persons/usage.py
  count INTEGER NOT NULL,
  PRIMARY KEY (project_id, day, kind)
) WITHOUT ROWID;
