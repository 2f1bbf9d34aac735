"""Counts and times each request under its route template."""

from flask import current_app, g, request

from shared.kernel.clock import monotonic
from shared.observability.metrics import HTTP_DURATION, HTTP_REQUESTS

_UNKNOWN = "(unknown)"


def start_request() -> None:
    g.request_started = monotonic()


def count_request(status: int) -> None:
    """Count the request that ends now; an address that doesn't exist counts as one route, whatever was asked."""
    service = current_app.name
    method = request.method if request.method in {"GET", "HEAD", "POST", "PUT", "OPTIONS"} else "OTHER"
    route = request.url_rule.rule if request.url_rule is not None else _UNKNOWN
    HTTP_REQUESTS.labels(service, method, route, str(status)).inc()
    if "request_started" in g:
        HTTP_DURATION.labels(service, method, route).observe(monotonic() - g.request_started)
