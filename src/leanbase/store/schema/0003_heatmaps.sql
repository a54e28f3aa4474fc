-- Clicks and scroll depths of posthog-js ($$heatmap), kept beside the events as PostHog does: they are no events that
-- anybody counts, but nothing a client sends should be lost.
-- Why:      a heatmap product can be built on them later.
-- Cost:     none, it is new.
-- Blocking: no.
-- Check:    SELECT count() FROM heatmaps
CREATE TABLE IF NOT EXISTS heatmaps (
  project_id UInt32,
  timestamp DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  distinct_id String CODEC(ZSTD(1)),
  session_id String CODEC(ZSTD(1)),
  uuid UUID,
  current_url String CODEC(ZSTD(1)),
  properties String CODEC(ZSTD(1)),
  inserted_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(greatest(timestamp, toDateTime64('2015-01-01 00:00:00', 6, 'UTC')))
ORDER BY (project_id, current_url, toDate(timestamp))
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
