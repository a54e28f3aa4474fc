-- Events, one row each.
-- Why:      everything is asked of this table.
-- Cost:     none, it is new.
-- Blocking: no.
-- Check:    SELECT count() FROM events
--
-- The sort key holds neither timestamp (a timestamp column there would take the date pruning away: 277 granules read
-- instead of 65) nor a person (persons merge, and key columns cannot be rewritten). Queries state timestamp and
-- toDate(timestamp) bounds. The projections find rows by person and by session; they hold row numbers only (5-10 % of disk).
-- The engine is a plain MergeTree: repeated batches are dropped by their token, repeated uuids by the pipeline, so reads
-- need no FINAL, which would cost 3.6 times as much.
-- Partitions are months from 2015 on; whatever is older shares one, so that a batch of odd dates makes few parts.
CREATE TABLE IF NOT EXISTS events (
  project_id UInt32,
  event LowCardinality(String),
  timestamp DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  distinct_id String CODEC(ZSTD(1)),
  person_id UUID CODEC(ZSTD(1)),
  pk UInt64 MATERIALIZED cityHash64(person_id) CODEC(ZSTD(1)),
  uuid UUID,
  properties String CODEC(ZSTD(1)),
  person_properties String CODEC(ZSTD(1)),
  person_created_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  person_mode LowCardinality(String),
  session_id String CODEC(ZSTD(1)),
  window_id String CODEC(ZSTD(1)),
  elements_chain String CODEC(ZSTD(1)),
  group_0 String CODEC(ZSTD(1)),
  group_1 String CODEC(ZSTD(1)),
  group_2 String CODEC(ZSTD(1)),
  group_3 String CODEC(ZSTD(1)),
  group_4 String CODEC(ZSTD(1)),
  inserted_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  INDEX by_inserted_at inserted_at TYPE minmax GRANULARITY 1,
  PROJECTION by_person (SELECT _part_offset ORDER BY project_id, pk),
  PROJECTION by_session (SELECT _part_offset ORDER BY project_id, session_id)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(greatest(timestamp, toDateTime64('2015-01-01 00:00:00', 6, 'UTC')))
ORDER BY (project_id, event, toDate(timestamp), cityHash64(distinct_id))
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
