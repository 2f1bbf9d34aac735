"""Every metric that Afterglow exports, in one list. Labels are services, topics and route templates, never ids."""

from prometheus_client import Counter, Histogram

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
