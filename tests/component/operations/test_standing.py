"""How the bus stands, as the worker measured it and another process reads it: unknown is never "keeping up"."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.integration.wiring import build_worker
from shared.kernel.clock import machine_now
from shared.messaging.bad_release import FailureWatch, StopRules
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.log import BrokerAway
from tests.component.operations.conftest import Held
from tests.support.desk import Desk
from tests.support.house import Client, House


def standing(client: Client) -> dict[str, Any]:
    return dict(client.get("/standing").get_json())


def codes(found: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in found["problems"]]


def test_before_any_worker_has_measured_nothing_is_known(operator: Client) -> None:
    found = standing(operator)
    [consumer] = found["consumers"]
    assert (consumer["topic"], consumer["state"], consumer["lag_records"]) == ("discharge-cleared", "stale", None)
    assert found["measured_at"] is None
    assert codes(found) == ["worker-silent"]


def test_a_worker_that_reads_along_keeps_up(house: House, operator: Client, leaves: Callable[..., None]) -> None:
    leaves()
    house.run_workers("discharge", "integration")
    house.service("integration").worker.look_round()
    found = standing(operator)
    [consumer] = found["consumers"]
    assert (consumer["state"], consumer["lag_records"], consumer["lag_seconds"]) == ("keeping-up", 0, 0.0)
    assert (consumer["applied_last_hour"], consumer["duplicates_last_hour"]) == (1, 0)
    assert consumer["last_applied_at"] is not None
    assert found["outbox"] | {"oldest_seconds": 0} == {
        "state": "empty",
        "rows": 0,
        "oldest_seconds": 0,
        "last_published_at": None,
        "blocked_keys": 0,
    }
    assert codes(found) == []


def test_applied_events_are_counted_once_however_often_it_is_measured(
    house: House, operator: Client, leaves: Callable[..., None]
) -> None:
    worker = house.service("integration").worker
    for revision in (1, 2, 3):
        leaves(revision=revision)
        house.run_workers("discharge", "integration")
        worker.look_round()
        worker.look_round()
    assert standing(operator)["consumers"][0]["applied_last_hour"] == 3


def test_what_is_not_read_yet_counts_as_lag(house: House, operator: Client, leaves: Callable[..., None]) -> None:
    leaves()
    house.run_workers("discharge")
    house.service("integration").worker.look_round()
    assert standing(operator)["consumers"][0]["lag_records"] == 1


@pytest.mark.parametrize(("age", "state"), [(19.9, "keeping-up"), (20.0, "stale"), (3600.0, "stale")])
def test_a_worker_that_has_not_measured_for_twenty_seconds_is_stale(
    house: House, operator: Client, monkeypatch: pytest.MonkeyPatch, age: float, state: str
) -> None:
    house.service("integration").worker.look_round()
    measured = standing(operator)["measured_at"]
    now = machine_now().fromisoformat(measured) + timedelta(seconds=age)
    monkeypatch.setattr("shared.operations.api.machine_now", lambda: now)
    found = standing(operator)
    assert found["consumers"][0]["state"] == state
    assert (codes(found) == ["worker-silent"]) == (state == "stale")


def test_a_log_that_is_away_pauses_the_consumer_and_its_lag_is_not_known(
    house: House, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise BrokerAway("gone")

    monkeypatch.setattr(EmbeddedLog, "open_reader", away)
    house.service("integration").worker.look_round()
    found = standing(operator)
    assert (found["consumers"][0]["state"], found["consumers"][0]["lag_records"]) == ("paused", None)
    assert codes(found) == ["paused"]


def test_a_stopped_partition_is_the_worst_and_a_restarted_worker_goes_on_where_it_stopped(
    house: House, operator: Client, desk: Desk, hold: Callable[..., Held], leaves: Callable[..., None]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    running = house.service("integration")
    running.worker._applier.handlers["discharge-cleared"] = broken  # type: ignore[index]
    running.worker._consumer._watches["discharge-cleared"] = FailureWatch(StopRules(keys=1))
    leaves()
    house.run_workers("discharge")
    for _ in range(3):
        running.worker.step()
    running.worker.look_round()
    [consumer] = standing(operator)["consumers"]
    assert (consumer["state"], len(consumer["stopped_partitions"]), consumer["lag_records"]) == ("stopped", 1, 1)
    assert codes(standing(operator))[0] == "stopped-partition"
    parked_id = hold().parked_id
    retried = operator.post(f"/parked/{parked_id}/retry", expect=200).get_json()
    assert (retried["state"], retried["held_up_by"]) == ("failing", "stopped-partition")
    assert "Tried after the worker’s restart" in desk.opens("/integration/bus").words

    running.worker.close()
    running.worker = build_worker(running.deps, house.platform)
    house.run_workers("integration")
    running.worker.look_round()
    [consumer] = standing(operator)["consumers"]
    assert (consumer["state"], consumer["stopped_partitions"], consumer["lag_records"]) == ("keeping-up", [], 0)


def test_dead_lines_and_quarantine_are_problems_with_their_runbooks(house: House, hold: Callable[..., Held]) -> None:
    held = hold(seqs=(1, 2))
    house.service("integration").worker.look_round()
    found = standing(held.client)
    assert found["parked"] | {"oldest_at": ""} == {"keys": 1, "dead": 1, "events": 2, "oldest_at": ""}
    assert [(problem["code"], problem["runbook"]) for problem in found["problems"]] == [
        ("dead-keys", "parked-keys"),
        ("quarantine", "quarantine"),
    ]


def test_an_outbox_that_nobody_carries_is_told_after_a_minute(
    house: House, leaves: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves()
    house.service("discharge").worker.look_round()
    client = house.client("discharge", role="operations")
    assert standing(client)["outbox"]["state"] == "publishing"
    later = machine_now() + timedelta(seconds=60)
    monkeypatch.setattr("shared.operations.api.machine_now", lambda: later)
    found = standing(client)
    assert (found["outbox"]["state"], found["outbox"]["rows"]) == ("not-publishing", 1)
    assert "outbox-not-publishing" in codes(found)
