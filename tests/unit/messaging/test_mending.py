"""A person mends a parked line: tries it at once, or gives something up, and the line goes on in order."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from shared.kernel.errors import NotFound, WrongState
from shared.messaging import discarded, mending, parked_lines
from shared.messaging.discarded import Discarded, discarded_event
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.inbox import key_position
from shared.messaging.mending import GivenUp
from shared.messaging.parked_lines import ParkedHead, ParkedId
from shared.messaging.parking import ParkedState, parked_event
from tests.support.bus import NOON, SEALER, TOPIC, Desk, a_booster_due, a_record, run_until_settled
from tests.unit.messaging.conftest import Machine
from tests.unit.messaging.test_parking import Picky, send, states


def place(patient: UUID, seq: int) -> ParkedId:
    return ParkedId(TOPIC, str(patient), seq)


def retry(desk: Desk, patient: UUID, seq: int, machine: Machine) -> None:
    with desk.unit() as uow:
        mending.retry_now(uow.session, "intake", place(patient, seq), at=machine.now)


def discard(
    desk: Desk, patient: UUID, seq: int, what: GivenUp = GivenUp.EVENT, *, why: str = "ticket 311"
) -> Discarded:
    with desk.unit() as uow:
        return mending.discard(
            uow.session, "intake", place(patient, seq), what, why=why, by="olga", at=NOON, sealer=SEALER
        )


def heads(desk: Desk) -> list[ParkedHead]:
    with desk.unit() as uow:
        return parked_lines.heads(uow.session, "intake", beyond=None, limit=10)


def position(desk: Desk, patient: UUID) -> int | None:
    with desk.unit() as uow:
        return uow.session.scalar(select(key_position.c.last_seq).where(key_position.c.key == str(patient)))


def dead(desk: Desk, log: EmbeddedLog, machine: Machine, patient: UUID, *revisions: int) -> Picky:
    """A line whose head has failed ten times."""
    picky = desk.handler = Picky([patient])
    send(log, patient, *revisions)
    run_until_settled(desk)
    for _ in range(9):
        machine.forward(timedelta(hours=2))
        desk.worker.step()
    assert states(desk)[0] is ParkedState.DEAD
    return picky


def test_a_dead_line_is_tried_at_once_and_goes_on_in_order(log: EmbeddedLog, intake: Desk, machine: Machine) -> None:
    bad = uuid4()
    picky = dead(intake, log, machine, bad, 1, 2, 3)
    picky.refused.clear()
    retry(intake, bad, 1, machine)
    run_until_settled(intake)
    assert intake.noted(bad) == [1, 2, 3]
    assert states(intake) == []


def test_a_dead_line_that_fails_again_is_dead_after_that_one_try(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    picky = dead(intake, log, machine, bad, 1)
    for _ in range(2):
        retry(intake, bad, 1, machine)
        retry(intake, bad, 1, machine)  # safe to repeat
        intake.worker.step()
        machine.forward(timedelta(hours=5))
        intake.worker.step()
    assert picky.calls == 12
    assert states(intake) == [ParkedState.DEAD]


def test_a_failing_line_need_not_wait_for_its_next_try(log: EmbeddedLog, intake: Desk, machine: Machine) -> None:
    bad = uuid4()
    picky = intake.handler = Picky([bad])
    send(log, bad, 1)
    run_until_settled(intake)
    picky.refused.clear()
    intake.worker.step()
    assert intake.noted(bad) == []
    retry(intake, bad, 1, machine)
    run_until_settled(intake)
    assert intake.noted(bad) == [1]


def test_trying_again_is_refused_while_the_one_before_has_not_arrived(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    patient = uuid4()
    send(log, patient, 2)
    run_until_settled(intake)
    with pytest.raises(WrongState) as refused:
        retry(intake, patient, 2, machine)
    assert refused.value.code == "gap"
    assert "Event 1" in refused.value.message


def test_a_discarded_event_is_never_seen_and_the_rest_of_its_line_is_applied(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    picky = dead(intake, log, machine, bad, 1, 2, 3)
    picky.refused.clear()
    discard(intake, bad, 1)
    run_until_settled(intake)
    assert intake.noted(bad) == [2, 3]
    assert position(intake, bad) == 3
    send(log, bad, 1)  # it comes again, as at-least-once delivery may
    send(log, bad, 4)
    run_until_settled(intake)
    assert intake.noted(bad) == [2, 3, 4]


def test_what_is_discarded_is_kept_sealed_with_who_when_and_why(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    dead(intake, log, machine, bad, 1)
    given_up = discard(intake, bad, 1, why="window closed by hand")
    [row] = intake.rows(discarded_event)
    assert (row.discarded_by, row.why, row.discarded_at) == ("olga", "window closed by hand", NOON)
    assert (row.reason, row.attempts) == ("wrong-state", 10)
    assert str(bad).encode() not in row.sealed
    opened = SEALER.open(row.sealed, bound_to=discarded.place_of("intake", given_up))
    assert given_up.event_id is not None
    assert given_up.event_id.encode() in opened


def test_an_event_is_discarded_once(log: EmbeddedLog, intake: Desk, machine: Machine) -> None:
    bad = uuid4()
    dead(intake, log, machine, bad, 1, 2)
    discard(intake, bad, 1)
    with pytest.raises(WrongState) as refused:
        discard(intake, bad, 1)
    assert refused.value.code == "already-discarded"
    assert len(intake.rows(discarded_event)) == 1
    assert position(intake, bad) == 1


def test_only_the_first_of_a_line_can_be_discarded(log: EmbeddedLog, intake: Desk, machine: Machine) -> None:
    bad = uuid4()
    dead(intake, log, machine, bad, 1, 2)
    with pytest.raises(WrongState) as refused:
        discard(intake, bad, 2)
    assert refused.value.code == "not-first"
    assert len(intake.rows(parked_event)) == 2


def test_an_event_that_was_applied_meanwhile_can_neither_be_retried_nor_discarded(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    picky = intake.handler = Picky([bad])
    send(log, bad, 1)
    run_until_settled(intake)
    picky.refused.clear()
    machine.forward(timedelta(hours=1))
    run_until_settled(intake)
    for act in (lambda: discard(intake, bad, 1), lambda: retry(intake, bad, 1, machine)):
        with pytest.raises(NotFound):
            act()
    assert intake.noted(bad) == [1]


def test_a_gap_is_given_up_and_what_waited_behind_it_is_applied(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    patient = uuid4()
    send(log, patient, 3, 4)
    run_until_settled(intake)
    [head] = heads(intake)
    assert (head.state, head.missing, head.waiting) == (ParkedState.GAP, 2, 1)
    given_up = discard(intake, patient, 3, GivenUp.MISSING)
    assert (given_up.first_seq, given_up.last_seq, given_up.event_id) == (1, 2, None)
    run_until_settled(intake)
    assert intake.noted(patient) == [3, 4]
    send(log, patient, 1, 2)  # too late: somebody has decided
    run_until_settled(intake)
    assert intake.noted(patient) == [3, 4]


def test_nothing_missing_can_be_given_up_where_nothing_is_missing(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    dead(intake, log, machine, bad, 1)
    with pytest.raises(WrongState) as refused:
        discard(intake, bad, 1, GivenUp.MISSING)
    assert refused.value.code == "nothing-missing"


def test_a_number_from_the_future_is_discarded_without_moving_the_line(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    patient = uuid4()
    assert not any(log.append([a_record(a_booster_due(patient, revision=9), seq=2**62)]))
    run_until_settled(intake)
    discard(intake, patient, 2**62)
    assert position(intake, patient) == 0
    send(log, patient, 1, 2)
    run_until_settled(intake)
    assert intake.noted(patient) == [1, 2]


def test_a_line_says_how_many_wait_behind_its_head_and_names_fields_not_values(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    dead(intake, log, machine, bad, 1, 2, 3)
    [head] = heads(intake)
    assert (head.place.seq, head.waiting, head.attempts, head.reason) == (1, 2, 10, "wrong-state")
    assert "due_on" in head.field_names
    assert "riverside" not in head.field_names


@pytest.mark.parametrize(
    "text", ["", "booster-due", "booster-due.", "booster-due.x", "a.b.-1", "a.b.1e3", "a.b." + "9" * 30]
)
def test_nonsense_is_no_parked_event(text: str) -> None:
    with pytest.raises(NotFound):
        ParkedId.parse(text)
