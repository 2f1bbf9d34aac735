"""When a patient is called again, where a cycle stands, and how far a call may be put off: at, below and above."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.intake.domain.boosters import BoosterState
from services.intake.domain.calls import NEEDS_REASON, REASONS, TASK_ANSWERS, TASK_ROLES, TASKS, CallOutcome, Standing
from services.intake.domain.policies.calling import (
    Calling,
    CallRules,
    Word,
    call_from,
    check_snooze,
    check_word,
    standing_of,
)
from shared.kernel.sites import Site

RIVERSIDE = Site("riverside", "Riverside", "America/New_York", ())
NOW = datetime(2026, 3, 6, 15, tzinfo=UTC)  # 10:00 on Friday; clocks go forward on Sunday
TODAY = date(2026, 3, 6)
RULES = CallRules()
DUE = Calling(state=BoosterState.DUE, due_on=date(2026, 2, 20))


def stands(calling: Calling) -> Standing:
    return standing_of(calling, today=TODAY, now=NOW)


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (CallOutcome.NO_ANSWER, datetime(2026, 3, 8, 5, tzinfo=UTC)),
        (CallOutcome.LEFT_MESSAGE, datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (CallOutcome.BOOKED, None),
        (CallOutcome.WRONG_NUMBER, None),
    ],
)
def test_called_again_from_the_sites_midnight_also_when_the_clocks_change(
    outcome: CallOutcome, again: datetime | None
) -> None:
    assert call_from(Word(outcome=outcome), RULES, site=RIVERSIDE, now=NOW) == again


def test_call_back_time_is_the_one_given() -> None:
    word = Word(outcome=CallOutcome.CALL_BACK_LATER, call_back_at=NOW + timedelta(hours=1))
    assert call_from(word, RULES, site=RIVERSIDE, now=NOW) == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "fits"),
    [
        (NOW, False),
        (NOW + timedelta(seconds=1), True),
        (datetime(2026, 4, 4, 3, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 4, 4, tzinfo=UTC), False),
    ],
    ids=["now", "just ahead", "last minute of day 28", "day 29"],
)
def test_a_call_back_lies_ahead_and_at_most_28_days(at: datetime, fits: bool) -> None:
    word = Word(outcome=CallOutcome.CALL_BACK_LATER, call_back_at=at)
    assert (check_word(word, RULES, site=RIVERSIDE, now=NOW) == ()) is fits


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (28, True), (29, False)])
def test_a_snooze_ends_after_today_and_at_most_28_days_ahead(days: int, fits: bool) -> None:
    assert (check_snooze(TODAY + timedelta(days=days), RULES, today=TODAY) == ()) is fits


@pytest.mark.parametrize("outcome", NEEDS_REASON)
def test_only_fitting_reasons_are_taken(outcome: CallOutcome) -> None:
    every = {reason for reasons in REASONS.values() for reason in reasons}
    for reason in every:
        found = check_word(Word(outcome=outcome, reason=reason), RULES, site=RIVERSIDE, now=NOW)
        assert (found == ()) is (reason in REASONS[outcome])


@pytest.mark.parametrize(
    ("calling", "standing"),
    [
        (DUE, Standing.TO_CALL),
        (replace(DUE, call_from=NOW), Standing.TO_CALL),
        (replace(DUE, call_from=NOW + timedelta(seconds=1)), Standing.CALL_LATER),
        (replace(DUE, snoozed_until=TODAY), Standing.TO_CALL),
        (replace(DUE, snoozed_until=TODAY + timedelta(days=1)), Standing.SNOOZED),
        (replace(DUE, colleague_asked=True, snoozed_until=date(2026, 3, 20)), Standing.WITH_COLLEAGUE),
        (replace(DUE, state=BoosterState.HELD, colleague_asked=True), Standing.HELD),
        (replace(DUE, state=BoosterState.HELD, settled_due_on=DUE.due_on), Standing.HELD),
        (replace(DUE, settled_due_on=DUE.due_on), Standing.OFF),
        (replace(DUE, settled_due_on=DUE.due_on - timedelta(days=1)), Standing.TO_CALL),
        *((replace(DUE, state=state), Standing.OFF) for state in BoosterState if state not in ("due", "held")),
    ],
)
def test_where_a_cycle_stands(calling: Calling, standing: Standing) -> None:
    assert stands(calling) is standing


def test_every_question_has_somebody_who_may_answer_it() -> None:
    for kind in TASKS.values():
        assert TASK_ROLES[kind]
        assert TASK_ANSWERS[kind]


@pytest.mark.parametrize(
    "wrong",
    [
        {"again_after_no_answer_days": 0},
        {"again_after_no_answer_days": 4},
        {"furthest_days": 2},
        {"held_for": timedelta()},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        CallRules(**wrong)  # type: ignore[arg-type]
