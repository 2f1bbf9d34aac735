"""Times, counts and logs each request under its route template: never an address with ids, never a query string."""

from functools import cache

import prometheus_client
import structlog
from flask import Request, current_app, g, request

from shared.kernel.clock import monotonic
from shared.observability.logging import get_logger
from shared.observability.metrics import HTTP_DURATION, HTTP_REQUESTS
from shared.observability.tracing import trace_id_of

_log = get_logger(__name__)
_UNKNOWN = "(unknown)"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# asked every few seconds by probes and scrapers: a line each would drown the rest
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})


def begin_request(correlation_id: str, traceparent: str) -> None:
    """Start the clock and bind what every log line of this request carries; a thread serves many requests in turn."""
    g.request_started = monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(
        service=current_app.name, correlation_id=correlation_id, trace_id=trace_id_of(traceparent)
    )


def bind_site(sites: frozenset[str]) -> None:
    """Bind the caller's site when there is exactly one; a reader of several sites is bound to none."""
    if len(sites) == 1:
        structlog.contextvars.bind_contextvars(site=next(iter(sites)))


def end_request(status: int) -> None:
    """Count the request that ends now; an address that doesn't exist counts as one route, whatever was asked."""
    # the request itself: through its proxy each look costs ten times as much
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    service, rule = current_app.name, asked.url_rule
    method = asked.method if asked.method in _METHODS else "OTHER"
    route = rule.rule if rule is not None else _UNKNOWN
    _requests(service, method, route, status).inc()
    started = g.get("request_started")
    if started is None:
        return
    seconds = monotonic() - started
    _durations(service, method, route).observe(seconds)
    if route not in _QUIET or status >= 400:
        _log.info("request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 1))


# found once: looking a series up by its labels costs more than counting
@cache
def _requests(service: str, method: str, route: str, status: int) -> prometheus_client.Counter:
    return HTTP_REQUESTS.labels(service, method, route, str(status))


@cache
def _durations(service: str, method: str, route: str) -> prometheus_client.Histogram:
    return HTTP_DURATION.labels(service, method, route)
