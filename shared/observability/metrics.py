"""Every metric that Afterglow exports, in one list. Labels are services, topics and route templates, never ids."""

from prometheus_client import Counter, Gauge, Histogram

HTTP_REQUESTS = Counter(
    "http_requests",
    "HTTP requests answered, by route template and status code.",
    ["service", "method", "route", "code"],
)
HTTP_DURATION = Histogram(
    "http_request_duration_seconds",
    "Seconds from reading a request to its answer, by route template.",
    ["service", "method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

# The bus (shared/messaging). Lag carries the names that Kafka's own exporters use.
LAG = Gauge(
    "kafka_consumergroup_lag",
    "Records that a consumer has not applied yet, by partition.",
    ["consumergroup", "topic", "partition"],
)
LAG_SECONDS = Gauge(
    "afterglow_consumer_lag_seconds",
    "Seconds since a consumer last stood at the end of a partition; 0 when it stands there.",
    ["service", "topic", "partition"],
)
APPLIED = Counter("afterglow_events_applied", "Events whose effects are committed.", ["service", "topic"])
DUPLICATES = Counter(
    "afterglow_events_duplicate", "Events dropped because they were applied before.", ["service", "topic"]
)
GAPS = Counter(
    "afterglow_events_gap", "Events parked because the one before them has not arrived.", ["service", "topic"]
)
QUARANTINED = Counter(
    "afterglow_events_quarantined", "Records that are no readable event, sealed.", ["service", "topic"]
)
HANDLER_SECONDS = Histogram(
    "afterglow_handler_seconds",
    "Seconds one event's handler took.",
    ["service", "topic"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)
FENCED = Counter(
    "afterglow_consumer_fenced", "Batches given up because another consumer had moved the fence.", ["service", "topic"]
)
RECORDS_LOST = Counter(
    "afterglow_consumer_records_lost", "Records that the log dropped before they were read.", ["service", "topic"]
)
REBALANCES = Counter("afterglow_consumer_rebalances", "Changes of the partitions assigned to a consumer.", ["service"])
CONSUMER_REBUILDS = Counter("afterglow_consumer_rebuilds", "Consumers rebuilt by the watchdog.", ["service"])
CONSUMER_PAUSES = Counter("afterglow_consumer_pauses", "Pauses because the database or the log was away.", ["service"])
STOPPED_PARTITIONS = Gauge(
    "afterglow_consumer_stopped_partitions", "Partitions stopped because the release seems bad.", ["service", "topic"]
)
PARKED = Gauge("afterglow_parked_events", "Events parked, by state.", ["service", "topic", "state"])
PARKED_OLDEST_SECONDS = Gauge(
    "afterglow_parked_oldest_seconds", "Age of the oldest parked event.", ["service", "topic", "state"]
)
PUBLISHED = Counter("afterglow_events_published", "Outbox rows acknowledged by the log.", ["service", "topic"])
OUTBOX_ROWS = Gauge("afterglow_outbox_rows", "Facts committed and not announced yet.", ["service"])
OUTBOX_OLDEST_SECONDS = Gauge(
    "afterglow_outbox_oldest_seconds", "Age of the oldest fact not announced yet.", ["service"]
)
BLOCKED_KEYS = Gauge("afterglow_outbox_blocked_keys", "Keys whose facts the log refuses.", ["service"])
PRODUCER_REBUILDS = Counter(
    "afterglow_producer_rebuilds", "Producers rebuilt after 45 s with no progress.", ["service"]
)
JOB_RUNS = Counter("afterglow_job_runs", "Runs of a timed job that did work.", ["service", "job"])
JOB_FAILURES = Counter("afterglow_job_failures", "Runs of a timed job that failed.", ["service", "job"])
LOOP_FAILURES = Counter("afterglow_worker_loop_failures", "Passes of a worker's loop that failed.", ["service", "loop"])
