-- What users did to persons by hand, and which recordings a project made.
--
-- For operators: creates empty tables; takes milliseconds; needs no free space to speak of.
-- Going back: stop the server, restore the copy of the data folder taken before the upgrade.

CREATE TABLE person_activity (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL,
  person_uuid BLOB NOT NULL,
  activity TEXT NOT NULL,                -- updated, split, merged, merge_undone, deleted, ...: see persons/activity.py
  who TEXT NOT NULL,                     -- e-mail address of the user
  detail TEXT NOT NULL,                  -- JSON object
  created_at INTEGER NOT NULL
);
CREATE INDEX person_activity_by_person ON person_activity (project_id, person_uuid, id);
CREATE INDEX person_activity_by_project ON person_activity (project_id, id);

-- Sessions of which a recording came, so that each counts once (table usage). Kept for some days.
CREATE TABLE recorded_sessions (
  project_id INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  seen_on INTEGER NOT NULL,              -- days since 1970, UTC, of receipt
  PRIMARY KEY (project_id, session_id)
) WITHOUT ROWID;
CREATE INDEX recorded_sessions_by_day ON recorded_sessions (seen_on);
