-- What to show of the groups of a type: how many events of which kind they had in the last days.
--
-- For operators: one empty table; takes milliseconds; needs no free space to speak of.
-- Going back: stop the server, restore the copy of the data folder taken before the upgrade.

CREATE TABLE group_usage_metrics (
  id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),  -- a uuid
  project_id INTEGER NOT NULL,
  group_type_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  format TEXT NOT NULL,                           -- numeric, currency
  interval INTEGER NOT NULL,                      -- days
  display TEXT NOT NULL,                          -- number, sparkline
  filters TEXT NOT NULL,                          -- JSON: which events count
  math TEXT NOT NULL,                             -- count, sum
  math_property TEXT,                             -- what is summed
  created_at INTEGER NOT NULL,
  UNIQUE (project_id, group_type_index, name)
) WITHOUT ROWID;
