-- The secrets of days by which cookieless visitors are counted. Rows are destroyed when their day is over.
--
-- For operators: creates an empty table; takes milliseconds; needs no free space to speak of.
-- Going back: stop the server, restore the copy of the data folder taken before the upgrade.

CREATE TABLE cookieless_salts (
  day TEXT PRIMARY KEY,                  -- YYYY-MM-DD in the visitor's time zone
  salt BLOB NOT NULL                     -- 16 bytes
) WITHOUT ROWID;
