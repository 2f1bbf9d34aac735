"""What operators do, on the real Kafka and the real PostgreSQL: read again beside the group, and never in a race."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from shared.kernel.clock import machine_now, monotonic
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.messaging import inbox, mending, parking, replays
from shared.messaging.discarded import discarded_event
from shared.messaging.inbox import consumer_offset, key_position
from shared.messaging.log import EventLog
from shared.messaging.mending import GivenUp
from shared.messaging.parked_lines import ParkedId
from shared.messaging.replays import Replay, ReplayState, Wanted
from tests.integration.messaging.conftest import desk_on
from tests.support.bus import NOON, SEALER, TOPIC, Desk, a_booster_due, noted, run_until_settled
from tests.support.held_back import held_back

pytestmark = pytest.mark.docker


@pytest.fixture
def maintenance(on_postgres: str, kafka_log: EventLog) -> Iterator[Desk]:
    with desk_on(on_postgres, "maintenance", kafka_log, consumes=False) as desk:
        yield desk


@pytest.fixture
def intake(on_postgres: str, kafka_log: EventLog) -> Iterator[Desk]:
    with desk_on(on_postgres, "intake", kafka_log, consumes=True) as desk:
        yield desk


def replayed(intake: Desk, **wanted: object) -> Replay:
    replay_id = new_id()
    with intake.unit() as uow:
        replays.order(uow.session, "intake", replay_id, Wanted(TOPIC, **wanted), by="olga", at=machine_now())  # type: ignore[arg-type]
    until = monotonic() + 60
    while True:
        intake.worker.step()
        with intake.unit() as uow:
            found = replays.find(uow.session, "intake", replay_id)
        assert found is not None
        if found.state not in replays.UNFINISHED:
            return found
        assert monotonic() < until, "the replay did not end"


def announced(maintenance: Desk, intake: Desk, patients: list[UUID], revisions: int) -> None:
    for revision in range(1, revisions + 1):
        maintenance.publish(*(a_booster_due(patient, revision=revision) for patient in patients))
    run_until_settled(maintenance, intake)


def test_a_topic_is_read_again_beside_the_group_and_changes_nothing(maintenance: Desk, intake: Desk) -> None:
    patients = [uuid4() for _ in range(8)]
    announced(maintenance, intake, patients, 3)
    before = intake.noted(), sorted(intake.rows(consumer_offset))
    done = replayed(intake)
    assert (done.state, done.came_to.read, done.came_to.duplicates) == (ReplayState.DONE, 24, 24)
    assert (intake.noted(), sorted(intake.rows(consumer_offset))) == before
    maintenance.publish(a_booster_due(patients[0], revision=4))
    run_until_settled(maintenance, intake)
    assert intake.noted(patients[0]) == [1, 2, 3, 4]


def test_what_was_lost_is_applied_again_in_order_of_one_key(maintenance: Desk, intake: Desk) -> None:
    lost, other = uuid4(), uuid4()
    announced(maintenance, intake, [lost, other], 3)
    with intake.unit() as uow:
        uow.session.execute(delete(key_position).where(key_position.c.key == str(lost)))
        uow.session.execute(delete(noted).where(noted.c.patient_id == lost))
    done = replayed(intake, key=str(lost))
    assert (done.came_to.read, done.came_to.applied) == (3, 3)
    assert intake.noted(lost) == [1, 2, 3]
    assert intake.noted(other) == [1, 2, 3]


def test_from_an_instant_on_is_by_when_it_was_appended(maintenance: Desk, intake: Desk) -> None:
    announced(maintenance, intake, [uuid4()], 2)
    time.sleep(0.05)
    between = machine_now()
    time.sleep(0.05)
    announced(maintenance, intake, [uuid4()], 1)
    assert replayed(intake, from_at=between).came_to.read == 1
    assert replayed(intake, to_at=between).came_to.read == 2
    assert replayed(intake, from_at=between + timedelta(hours=1)).came_to.read == 0


def test_a_discard_waits_for_the_retry_at_work_and_then_finds_nothing_to_discard(intake: Desk) -> None:
    with intake.unit() as uow:
        place = ParkedId.parse(held_back(uow, "intake", TOPIC, sealer=SEALER, at=NOON))

    def discard() -> None:
        with intake.unit() as late:
            mending.discard(late.session, "intake", place, GivenUp.EVENT, why="late", by="olga", at=NOON, sealer=SEALER)

    with ThreadPoolExecutor(1) as somebody:
        with intake.unit() as retry:  # as retry.py does: lock, apply, release
            inbox.lock_positions(retry.session, "intake", TOPIC, {place.key})
            asked = somebody.submit(discard)
            time.sleep(0.3)
            assert not asked.done()
            head = parking.head_of(retry.session, "intake", TOPIC, place.key)
            assert head is not None
            parking.release(retry.session, [head.parked_id])
            inbox.save_positions(retry.session, "intake", TOPIC, {place.key: 1})
        with pytest.raises(NotFound):
            asked.result(timeout=10)
    assert intake.rows(discarded_event) == []


def test_of_two_who_discard_at_once_one_does(intake: Desk) -> None:
    with intake.unit() as uow:
        place = ParkedId.parse(held_back(uow, "intake", TOPIC, sealer=SEALER, at=NOON, seqs=(1, 2)))

    def discard(who: str) -> str:
        try:
            with intake.unit() as uow:
                mending.discard(
                    uow.session, "intake", place, GivenUp.EVENT, why="ticket", by=who, at=NOON, sealer=SEALER
                )
        except Exception as error:
            return getattr(error, "code", type(error).__name__)
        return "done"

    with ThreadPoolExecutor(6) as operators:
        outcomes = sorted(operators.map(discard, ["a", "b", "c", "d", "e", "f"]))
    assert outcomes == ["already-discarded"] * 5 + ["done"]
    with intake.unit() as uow:
        assert uow.session.scalar(select(key_position.c.last_seq).where(key_position.c.key == place.key)) == 1
