"""What the patient reads about driving."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.discharge.domain.policies.driving_restriction import Restriction, SleepAttestation
from services.discharge.domain.policies.driving_rules import DrivingRules
from services.discharge.domain.policies.driving_words import explain, local_words
from services.discharge.domain.states import RestrictionState
from tests.support.reading import grade

NEW_YORK = ZoneInfo("America/New_York")
ANCHOR = datetime(2026, 3, 8, 4, 40, tzinfo=UTC)  # 23:40 EST on 7 March
EARLIEST = datetime(2026, 3, 8, 12, 40, tzinfo=UTC)


def told(state: RestrictionState, *, calculated: datetime = EARLIEST, counting: SleepAttestation | None = None) -> str:
    ended = EARLIEST + timedelta(minutes=5) if state is RestrictionState.ENDED else None
    return explain(
        Restriction(state, EARLIEST, ended),
        anchor=ANCHOR,
        calculated=calculated,
        counting=counting,
        zone=NEW_YORK,
        rules=DrivingRules(),
    )


def test_the_night_and_its_end_are_told_in_local_words() -> None:
    words = told(RestrictionState.IN_FORCE)
    assert words.startswith("No driving and no machinery before 08:40 EDT on Sunday 8 March 2026.")
    assert "23:40 EST on Saturday 7 March 2026" in words
    assert "8 elapsed hours" in words
    assert "slept at least 6 hours, feel rested and have no symptoms" in words


@pytest.mark.parametrize("state", RestrictionState)
def test_whoever_left_school_after_the_sixth_grade_can_read_it(state: RestrictionState) -> None:
    assert grade(told(state, calculated=EARLIEST - timedelta(hours=1))) <= 6


def test_each_state_opens_in_its_own_words() -> None:
    assert told(RestrictionState.PROVISIONAL).startswith("The patient has not left yet.")
    assert "no word on sleep has ended the restriction" in told(RestrictionState.UNCONFIRMED)
    assert told(RestrictionState.ENDED).startswith("The restriction ended at 08:45 EDT")


def test_a_floor_from_before_a_correction_is_named() -> None:
    words = told(RestrictionState.IN_FORCE, calculated=EARLIEST - timedelta(hours=1))
    assert "a restriction never moves earlier" in words


def test_a_word_that_fell_short_is_named() -> None:
    short = SleepAttestation(EARLIEST, 4, True, True)
    assert "did not meet all three" in told(RestrictionState.UNCONFIRMED, counting=short)


def test_words_never_name_an_earlier_minute_than_the_rule() -> None:
    assert local_words(EARLIEST + timedelta(seconds=1), NEW_YORK).startswith("08:41 EDT")
    assert local_words(EARLIEST, NEW_YORK).startswith("08:40 EDT")


def test_no_state_promises_anything() -> None:
    for state in RestrictionState:
        assert "safe" not in told(state).lower()
