"""The operators' commands against a running house, as somebody on call types them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.clock import machine_now
from shared.kernel.people import the_service
from shared.messaging.outbox import publish
from shared.store.engine import open_engine
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork
from tests.e2e.running import RunningHouse, run
from tests.support.events import PATIENT, a_discharge_cleared
from tests.support.held_back import held_back


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    with RunningHouse(tmp_path_factory.mktemp("operators") / "data", "--empty") as running:
        yield running


def command(house: RunningHouse, *words: str, expect: int = 0) -> str:
    done = run(*words, "--url", house.origin, "--data", str(house.data))
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout if expect == 0 else done.stdout + done.stderr


def unit(house: RunningHouse, service: str) -> UnitOfWork:
    engine = open_engine(f"sqlite:///{house.data}/{service}.db")
    return UnitOfWork(engine, actor=the_service(service), correlation_id="test")


def hold(house: RunningHouse, **how: Any) -> str:
    sealer = Sealer.from_text((house.data / "keys" / "sealing.txt").read_text().strip())
    with unit(house, "integration") as uow:
        parked = held_back(uow, "integration", "discharge-cleared", sealer=sealer, at=machine_now(), **how)
    return f"integration/{parked}"


def listed(house: RunningHouse) -> dict[str, Any]:
    items = json.loads(command(house, "parked", "list", "--json"))["items"]
    return {f"{item['consumer']}/{item['parked_id']}": item for item in items}


def test_somebody_who_is_held_back_is_seen_shown_retried_and_gone(house: RunningHouse) -> None:
    parked = hold(house, seqs=(1, 2))
    assert parked in command(house, "parked", "list")
    assert listed(house)[parked]["state"] == "dead"
    told = json.loads(command(house, "parked", "show", parked, "--json"))
    assert "left_at" in told["field_names"]
    assert "2026-03-02T16:45:30" not in command(house, "parked", "show", parked)
    assert "tried again" in command(house, "parked", "retry", parked)
    for _ in range(20):
        if parked not in listed(house):
            break
    assert parked not in listed(house)


def test_an_event_is_given_up_with_a_reason_and_once(house: RunningHouse) -> None:
    parked = hold(house)
    assert "--reason" in command(house, "parked", "discard", parked, expect=2)
    told = json.loads(command(house, "parked", "discard", parked, "--reason", "ticket 311", "--json"))
    assert (told["reason"], told["last_seq"]) == ("ticket 311", 1)
    assert parked not in listed(house)
    assert "already-discarded" in command(house, "parked", "discard", parked, "--reason", "again", expect=1)


def test_what_never_arrived_is_given_up_and_the_next_is_applied(house: RunningHouse) -> None:
    parked = hold(house, seqs=(17,), applied=15, state="gap", attempts=0)
    assert "gap" in command(house, "parked", "retry", parked, expect=1)
    assert "Event 16 is given up" in command(house, "parked", "discard", parked, "--missing", "--reason", "ticket 312")


def test_events_are_tailed_measured_and_read_again_without_their_content(house: RunningHouse) -> None:
    with unit(house, "discharge") as uow:
        publish(uow, a_discharge_cleared(), now=machine_now())
    for _ in range(20):
        tailed = command(house, "events", "tail", "--topic", "discharge-cleared")
        if str(PATIENT) in tailed:
            break
    assert str(PATIENT) in tailed
    assert "Chair 1" not in tailed
    standing = json.loads(command(house, "events", "lag", "--json"))["items"]
    assert [item["service"] for item in standing] == ["intake", "discharge", "integration", "maintenance"]
    assert "keeping-up" in command(house, "events", "lag")
    ordered = ("events", "replay", "--topic", "discharge-cleared", "--service", "integration")
    told = json.loads(command(house, *ordered, "--from", "0", "--key", str(PATIENT), "--json"))
    assert (told["state"], told["applied"], told["read"]) == ("done", 0, told["duplicates"] + told["parked"])
    assert "applied 0" in command(house, *ordered, "--to", "2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("parked", "show", "nonsense"), "service/topic.key.sequence"),
        (("parked", "list", "--service", "kitchen"), "kitchen"),
        (("events", "tail", "--topic", "weather"), "session-completed"),
        (("events", "replay", "--topic", "discharge-cleared"), "several consumers"),
        (("events", "replay", "--topic", "booster-due", "--from", "yesterday"), "2026-03-02T15:00:00Z"),
        (("events", "replay", "--topic", "booster-due", "--from", "2026-03-02T15:00:00"), "2026-03-02T15:00:00Z"),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_meant(
    house: RunningHouse, words: tuple[str, ...], says: str
) -> None:
    assert says in " ".join(command(house, *words, expect=2).split())


def test_a_token_of_another_role_is_refused_with_the_role_it_needs(house: RunningHouse) -> None:
    nurse = house.token("nurse", "riverside")
    assert "role operations" in command(house, "parked", "list", "--token", nurse, expect=1)
    assert "isn't accepted" in command(house, "parked", "list", "--token", "nonsense", expect=1)


def test_where_nobody_answers_it_says_so_and_ends_with_three(house: RunningHouse, tmp_path: Path) -> None:
    done = run("parked", "list", "--url", "http://127.0.0.1:9", "--data", str(house.data))
    assert done.returncode == 3
    assert "doesn't answer" in done.stderr
    done = run("parked", "list", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "--token" in done.stderr
