-- greyline's records in ClickHouse, for who keeps more of them than one machine searches.
--
-- They arrive as the sinks write them, one JSON record a line: from a topic of Kafka, a subject of NATS or a file
-- (deploy/GUIDE.md, "Past one machine"). A sink delivers at least once, so a record may come twice: the engines keep
-- one of each key. Fields that a later greyline adds are passed over until a column is added for them
-- (input_format_skip_unknown_fields, on by default for JSONEachRow).
CREATE DATABASE IF NOT EXISTS greyline;

-- A row for each call. Searched by when it began, and by both numbers, its Call-ID, its addresses and its stack.
CREATE TABLE IF NOT EXISTS greyline.calls
(
    v UInt8,
    call_id String CODEC(ZSTD(1)),
    -- Of a capture that began within the call, when it was answered or ended.
    began_at DateTime64(6, 'UTC') DEFAULT coalesce(invite_at, answer_at, end_at, toDateTime64(0, 6, 'UTC')),
    invite_at Nullable(DateTime64(6, 'UTC')),
    ring_at Nullable(DateTime64(6, 'UTC')),
    answer_at Nullable(DateTime64(6, 'UTC')),
    end_at Nullable(DateTime64(6, 'UTC')),
    outcome LowCardinality(String),
    status Nullable(UInt16),
    q850 Nullable(UInt8),
    ended_by LowCardinality(String),
    caller Tuple(number String, raw String, country LowCardinality(String), display String, `from` LowCardinality(String)),
    callee Tuple(number String, raw String, country LowCardinality(String)),
    source Tuple(ip String, port UInt16, trunk LowCardinality(String)),
    destination Tuple(ip String, port UInt16, trunk LowCardinality(String)),
    user_agent LowCardinality(String),
    stack String,
    pdd_ms Nullable(Float64),
    ring_ms Nullable(Float64),
    talk_ms Nullable(Float64),
    attestation LowCardinality(String),
    signature LowCardinality(String),
    signer LowCardinality(String),
    origin_id String,
    diversion String,
    messages UInt32,
    retransmissions UInt32,
    legs Array(String),
    media Array(Tuple(
        `from` LowCardinality(String), source Tuple(ip String, port UInt16), destination Tuple(ip String, port UInt16),
        ssrc UInt32, codec LowCardinality(String), packets UInt64, lost Int64, jitter_ms Float64, mos Nullable(Float64))),
    INDEX by_caller caller.number TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_callee callee.number TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_call_id call_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_source source.ip TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_stack stack TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMMDD(began_at)
ORDER BY (toStartOfHour(began_at), source.ip, call_id)
-- As long as the law of the place lets numbers of people be kept.
TTL toDateTime(began_at) + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1;

-- A row each time an alert is told. `time` says which was last.
CREATE TABLE IF NOT EXISTS greyline.alerts
(
    v UInt8,
    alert_id String,
    status Enum8('open' = 1, 'update' = 2, 'close' = 3),
    shadow Bool DEFAULT false,
    time DateTime64(6, 'UTC'),
    kind LowCardinality(String),
    severity Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4),
    score_db Float64,
    threshold_db Float64,
    entity Tuple(kind LowCardinality(String), value String),
    title String,
    summary String,
    evidence Array(Tuple(
        family LowCardinality(String), feature LowCardinality(String), observed Nullable(Float64),
        expected Nullable(Float64), unit LowCardinality(String), db Float64, share_db Float64, text String)),
    innocent_reading Tuple(class LowCardinality(String), about String, margin_db Float64),
    refuted_by String,
    first_call DateTime64(6, 'UTC'),
    last_call DateTime64(6, 'UTC'),
    calls Tuple(count UInt64, answered UInt64, sample Array(String)),
    sources Array(String),
    callers Array(String),
    caller_count UInt64,
    callees Tuple(count UInt64, countries Array(Tuple(country LowCardinality(String), calls UInt64))),
    seats Tuple(estimate UInt32, low UInt32, high UInt32),
    versions Tuple(greyline String, rules String, tables String, config String)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (alert_id, time, status);
