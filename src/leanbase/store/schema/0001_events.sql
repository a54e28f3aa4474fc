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
-- The hot properties are columns. They all are elements of one common expression, which an insert evaluates once (measured:
-- 15 columns cost 1.1 us a row on server events and 3.8 on browser events, with an expression of their own 3.6 and 10.2).
-- A column says in its comment which property it holds; its name is a hash, the same that a later promotion would give.
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
  hot Tuple(
    `$browser` Nullable(String),
    `$os` Nullable(String),
    `$device_type` Nullable(String),
    `$current_url` Nullable(String),
    `$pathname` Nullable(String),
    `$host` Nullable(String),
    `$referrer` Nullable(String),
    `$referring_domain` Nullable(String),
    `$lib` Nullable(String),
    `$lib_version` Nullable(String),
    `$geoip_country_code` Nullable(String),
    `utm_source` Nullable(String),
    `utm_medium` Nullable(String),
    `utm_campaign` Nullable(String),
    `$screen_name` Nullable(String)
  ) ALIAS JSONExtract(properties, 'Tuple(`$browser` Nullable(String), `$os` Nullable(String), `$device_type` Nullable(String), `$current_url` Nullable(String), `$pathname` Nullable(String), `$host` Nullable(String), `$referrer` Nullable(String), `$referring_domain` Nullable(String), `$lib` Nullable(String), `$lib_version` Nullable(String), `$geoip_country_code` Nullable(String), `utm_source` Nullable(String), `utm_medium` Nullable(String), `utm_campaign` Nullable(String), `$screen_name` Nullable(String))'),
  p_b0f7d5ca7d5db77d LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$browser') COMMENT '{"source": "properties", "key": "$browser", "ready": true}' CODEC(ZSTD(1)),
  p_ba36d17365b8c0e8 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$os') COMMENT '{"source": "properties", "key": "$os", "ready": true}' CODEC(ZSTD(1)),
  p_9e8c264317981677 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$device_type') COMMENT '{"source": "properties", "key": "$device_type", "ready": true}' CODEC(ZSTD(1)),
  p_04ee699a722b3f0d LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$current_url') COMMENT '{"source": "properties", "key": "$current_url", "ready": true}' CODEC(ZSTD(1)),
  p_a790756ccc794753 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$pathname') COMMENT '{"source": "properties", "key": "$pathname", "ready": true}' CODEC(ZSTD(1)),
  p_bdce3c5bce560e4f LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$host') COMMENT '{"source": "properties", "key": "$host", "ready": true}' CODEC(ZSTD(1)),
  p_833f5ccffe6a6d91 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$referrer') COMMENT '{"source": "properties", "key": "$referrer", "ready": true}' CODEC(ZSTD(1)),
  p_4b8be543d01d73a7 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$referring_domain') COMMENT '{"source": "properties", "key": "$referring_domain", "ready": true}' CODEC(ZSTD(1)),
  p_1257166c593b0c91 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$lib') COMMENT '{"source": "properties", "key": "$lib", "ready": true}' CODEC(ZSTD(1)),
  p_ee10dfacb29d6abb LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$lib_version') COMMENT '{"source": "properties", "key": "$lib_version", "ready": true}' CODEC(ZSTD(1)),
  p_ea22adaa20f24ce0 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$geoip_country_code') COMMENT '{"source": "properties", "key": "$geoip_country_code", "ready": true}' CODEC(ZSTD(1)),
  p_32861b3c5d073268 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, 'utm_source') COMMENT '{"source": "properties", "key": "utm_source", "ready": true}' CODEC(ZSTD(1)),
  p_2a592593490b1e7f LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, 'utm_medium') COMMENT '{"source": "properties", "key": "utm_medium", "ready": true}' CODEC(ZSTD(1)),
  p_82909c862d3bd6e6 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, 'utm_campaign') COMMENT '{"source": "properties", "key": "utm_campaign", "ready": true}' CODEC(ZSTD(1)),
  p_8d06c37a22fdee78 LowCardinality(Nullable(String)) MATERIALIZED tupleElement(hot, '$screen_name') COMMENT '{"source": "properties", "key": "$screen_name", "ready": true}' CODEC(ZSTD(1)),
  INDEX by_inserted_at inserted_at TYPE minmax GRANULARITY 1,
  PROJECTION by_person (SELECT _part_offset ORDER BY project_id, pk),
  PROJECTION by_session (SELECT _part_offset ORDER BY project_id, session_id)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(greatest(timestamp, toDateTime64('2015-01-01 00:00:00', 6, 'UTC')))
ORDER BY (project_id, event, toDate(timestamp), cityHash64(distinct_id))
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
