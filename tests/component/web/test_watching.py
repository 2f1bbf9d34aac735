"""What operations people see of a request: a line, a count, a trace; never an id in a label, never a query."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import structlog
from prometheus_client import REGISTRY

from shared.observability.logging import JsonGunicornLogger, configure_logging, get_logger
from shared.store.audit import audit_entry
from shared.web import context
from tests.support.tiny_app import Tiny

_IDLIKE = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}|[0-9]{5,}|@")


@pytest.fixture
def lines() -> Iterator[Any]:
    """Configures logging as a process does, and gives back what was printed, one dict a line."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure_logging()
    out = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_no_label_ever_holds_an_id(tiny: Tiny) -> None:
    cup = tiny.new_cup("a").get_json()["cup_id"]
    tiny.call("GET", f"/cups/{cup}")
    tiny.call("GET", f"/cups/{uuid4()}?patient_id={uuid4()}")
    tiny.call("GET", f"/cups/{cup}/nothing/{uuid4()}")
    tiny.call("X" + uuid4().hex.upper(), "/cups")
    labels = [
        value
        for family in REGISTRY.collect()
        for sample in family.samples
        for name, value in sample.labels.items()
        if name not in {"le", "version", "major", "minor", "patchlevel", "implementation", "generation"}
    ]
    assert "/tiny/v1/cups/<uuid:cup_id>" in labels
    assert "(unknown)" in labels
    assert [value for value in labels if _IDLIKE.search(value)] == []


def test_each_request_leaves_one_line_with_its_template_and_no_query(tiny: Tiny, lines: Any) -> None:
    cup = uuid4()
    tiny.call("GET", f"/cups/{cup}?note=Jane", headers={"X-Correlation-Id": "visit-7"})
    [line] = [entry for entry in lines() if entry["event"] == "request"]
    assert (line["method"], line["route"]) == ("GET", "/tiny/v1/cups/<uuid:cup_id>")
    assert (line["status"], line["service"], line["site"]) == (404, "tiny", "riverside")
    assert line["correlation_id"] == "visit-7"
    assert re.fullmatch(r"[0-9a-f]{32}", line["trace_id"])
    assert line["duration_ms"] >= 0
    assert line["level"] == "info"
    assert "Jane" not in json.dumps(line)


def test_what_one_request_bound_is_gone_in_the_next_one_of_its_thread(tiny: Tiny, lines: Any) -> None:
    tiny.call("GET", "/cups")
    tiny.call("GET", "/cups", token="")
    first, second = [entry for entry in lines() if entry["event"] == "request"]
    assert "site" in first
    assert "site" not in second
    assert first["correlation_id"] != second["correlation_id"]


def test_probes_leave_no_line_while_all_is_well(tiny: Tiny, lines: Any) -> None:
    for path in ("/livez", "/readyz", "/metrics"):
        assert tiny.app.test_client().get(path).status_code == 200
    assert lines() == []


def test_a_bug_is_logged_by_type_and_place_without_its_words(tiny: Tiny, lines: Any) -> None:
    def boom() -> None:
        raise ValueError("Jane Doe, 555-0100")

    tiny.boom = boom
    tiny.call("POST", "/boom", json={"note": "Jane"})
    [line] = [entry for entry in lines() if entry["event"] == "unexpected error"]
    assert line["error"] == "ValueError"
    assert any(frame.startswith("app.py:") for frame in line["frames"])
    assert "Jane" not in json.dumps(lines())


def test_a_traceback_handed_to_the_log_keeps_its_type_and_drops_its_words(lines: Any) -> None:
    for logger in (get_logger("ours"), logging.getLogger("theirs")):
        try:
            raise ValueError("Jane Doe")
        except ValueError:
            logger.exception("it failed")
    ours, theirs = lines()
    assert ours["error"] == theirs["error"] == "ValueError"
    assert "Jane" not in json.dumps([ours, theirs])


def test_gunicorns_own_lines_are_json_too(lines: Any) -> None:
    from gunicorn.config import Config

    logger = JsonGunicornLogger(Config())
    logger.warning("Worker (pid:%s) was sent %s!", 7, "SIGTERM")
    [line] = lines()
    assert line["event"] == "Worker (pid:7) was sent SIGTERM!"
    assert line["logger"] == "gunicorn.error"
    logger.error_log.propagate = False


def test_a_trace_reaches_the_transaction_and_so_its_events(tiny: Tiny) -> None:
    seen: list[str | None] = []

    def boom() -> dict[str, str]:
        seen.append(context.uow().traceparent)
        return {}

    tiny.boom = boom
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    tiny.call("POST", "/boom", json={}, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    tiny.call("POST", "/boom", json={})
    assert seen[0] is not None
    assert seen[0].split("-")[1] == trace
    assert seen[1] is not None
    assert seen[1].split("-")[1] != trace


def test_an_events_envelope_carries_the_trace(tiny: Tiny) -> None:
    import json as text

    from sqlalchemy import select

    from shared.messaging.outbox import outbox, publish
    from tests.support.events import a_journal_submitted

    def boom() -> dict[str, str]:
        publish(context.uow(), a_journal_submitted(), now=context.now())
        return {}

    tiny.boom = boom
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = tiny.call("POST", "/boom", json={}, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.status_code == 200
    with tiny.engine.connect() as connection:
        headers = text.loads(connection.execute(select(outbox.c.headers)).scalar_one())
    assert headers["traceparent"].split("-")[1] == trace
    assert headers["ce_correlationid"] == answer.headers["X-Correlation-Id"]


def test_metrics_and_health_need_no_token(tiny: Tiny) -> None:
    client = tiny.app.test_client()
    assert client.get("/livez").get_json() == {"status": "alive"}
    assert client.get("/readyz").get_json()["status"] == "ready"
    assert b"http_requests_total" in client.get("/metrics").get_data()


def test_a_probe_doesnt_wait_for_the_one_writer(tiny: Tiny) -> None:
    with tiny.engine.connect() as writer:
        writer.execute(audit_entry.select())  # holds BEGIN IMMEDIATE
        assert tiny.app.test_client().get("/readyz").status_code == 200


def test_readiness_names_what_is_missing(tiny: Tiny) -> None:
    with tiny.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit_entry")
    answer = tiny.app.test_client().get("/readyz")
    assert answer.status_code == 503
    bad = [check for check in answer.get_json()["checks"] if not check["ok"]]
    assert [check["name"] for check in bad] == ["tiny-database"]
