"""Reading an older major version: shown on a booster-due that never was, since no event has a second version yet."""

import json
from dataclasses import replace
from typing import Any

import pytest

from shared.contracts import registry
from shared.contracts.registry import Undecodable, contract_for_topic
from shared.messaging.letter import open_letter
from tests.support.bus import a_record
from tests.support.events import a_booster_due

V1 = contract_for_topic("booster-due")
TODAY = a_booster_due(cycle=3, interval_days=42)


def weeks_to_days(body: dict[str, Any]) -> dict[str, Any]:
    """From the test's v1, which counts the interval in weeks, to its v2."""
    rest = {name: value for name, value in body.items() if name != "interval_weeks"}
    return rest | {"interval_days": body["interval_weeks"] * 7}


def count_from_one(body: dict[str, Any]) -> dict[str, Any]:
    """From the test's v2, whose cycles count from 0, to its v3, which is today's shape."""
    return body | {"cycle": body["cycle"] + 1}


V3 = replace(V1, version=3, upcasters=(weeks_to_days, count_from_one))
BODY = json.loads(V1.encode(TODAY))
V2_BODY = BODY | {"cycle": 2}
V1_BODY = {name: value for name, value in V2_BODY.items() if name != "interval_days"} | {"interval_weeks": 6}
BODIES = {"booster-due.v3": BODY, "booster-due.v2": V2_BODY, "booster-due.v1": V1_BODY}


@pytest.fixture(autouse=True)
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "REGISTRY", (V3,))


def opened(event_type: str, body: Any) -> Any:
    record = a_record(TODAY, seq=1, value=json.dumps(body).encode(), ce_type=event_type)
    return open_letter(record.topic, record.key, record.headers, record.value).event


@pytest.mark.parametrize("event_type", BODIES)
def test_each_older_version_is_read_as_todays_event(event_type: str) -> None:
    assert opened(event_type, BODIES[event_type]) == TODAY


@pytest.mark.parametrize("event_type", ["booster-due.v0", "booster-due.v4", "booster-due", "session-completed.v1"])
def test_a_version_nobody_taught_us_is_refused(event_type: str) -> None:
    with pytest.raises(Undecodable, match="ce_type"):
        opened(event_type, BODY)


@pytest.mark.parametrize("body", [BODY, {}, [], None, "weeks", {**V1_BODY, "interval_weeks": {"a": 1}}], ids=repr)
def test_what_is_not_of_the_older_version_is_undecodable_and_stops_nobody(body: Any) -> None:
    with pytest.raises(Undecodable, match="booster-due"):
        opened("booster-due.v1", body)


def test_an_upcaster_leaves_what_it_was_given_as_it_was() -> None:
    before = json.dumps(V1_BODY)
    assert count_from_one(weeks_to_days(V1_BODY)) == BODY
    assert json.dumps(V1_BODY) == before
