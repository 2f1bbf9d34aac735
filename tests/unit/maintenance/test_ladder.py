"""The ladder's numbers, each at, below and above its limit."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.maintenance.domain.explanation import explain
from services.maintenance.domain.facts import Score, Session, SessionKind
from services.maintenance.domain.policies.ladder import (
    LadderRules,
    ReviewReason,
    Verdict,
    between_boosters,
    first_interval,
    next_interval,
)
from services.maintenance.domain.policies.reading import Reading, read_scores

_RULES = LadderRules()
_NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def a_reading(
    s: int | None, *, baseline: int | None = 18, lowest: int | None = 4, item_9: int = 0, stale: bool = False
) -> Reading:
    current = None if s is None else Score(uuid4(), s, item_9, _NOW, _NOW, 1)
    lows = [low for low in (lowest, s) if low is not None]
    return Reading(baseline, min(lows, default=None), current, stale)


def a_first_session(at: datetime, *, order: int = 0) -> Session:
    return Session(uuid4(), SessionKind.INDUCTION, 1, True, None, at, at, at.date(), order)


@pytest.mark.parametrize(
    ("s", "baseline", "days"),
    [
        pytest.param(4, 18, 42, id="below 5 is remission"),
        pytest.param(5, 18, 28, id="5 is no remission, but a response"),
        pytest.param(9, 18, 28, id="exactly half of the baseline is a response"),
        pytest.param(9, 19, 28, id="just below half is a response"),
        pytest.param(4, 5, 42, id="remission counts even without half"),
        pytest.param(0, 1, 42, id="nothing left"),
    ],
)
def test_first_interval(s: int, baseline: int, days: int) -> None:
    step = first_interval(a_reading(s, baseline=baseline, lowest=None), _RULES)
    assert (step.verdict, step.days, step.rule, step.previous_days) == (Verdict.INTERVAL, days, None, None)


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        pytest.param(a_reading(10), ReviewReason.NO_RESPONSE, id="just above half"),
        pytest.param(a_reading(10, baseline=19), ReviewReason.NO_RESPONSE, id="half of an odd baseline, rounded up"),
        pytest.param(a_reading(None, lowest=None), ReviewReason.NO_SCORE, id="no score"),
        pytest.param(a_reading(4, stale=True), ReviewReason.STALE_SCORE, id="stale score"),
        pytest.param(a_reading(4, baseline=None), ReviewReason.NO_BASELINE, id="no baseline"),
        pytest.param(a_reading(0, baseline=0), ReviewReason.NO_BASELINE, id="a baseline of 0"),
    ],
)
def test_without_a_first_interval_a_prescriber_decides(reading: Reading, reason: ReviewReason) -> None:
    step = first_interval(reading, _RULES)
    assert (step.verdict, step.days, step.reason) == (Verdict.REVIEW, None, reason)


@pytest.mark.parametrize(
    ("reading", "days", "rule", "becomes"),
    [
        pytest.param(a_reading(4), 42, 6, 56, id="doing well: longer"),
        pytest.param(a_reading(6), 42, 6, 56, id="a rise of 2 is none"),
        pytest.param(a_reading(7), 42, 5, 42, id="a rise of 3 keeps"),
        pytest.param(a_reading(8), 42, 5, 42, id="a rise of 4 keeps"),
        pytest.param(a_reading(9), 56, 4, 42, id="a rise of 5 shortens"),
        pytest.param(a_reading(4, item_9=1), 42, 5, 42, id="item 9 at 1 keeps"),
        pytest.param(a_reading(4, item_9=2), 42, 5, 42, id="item 9 at 2, resolved by a person, keeps too"),
        pytest.param(a_reading(9, lowest=9), 56, 6, 70, id="exactly half is a response"),
        pytest.param(a_reading(10, lowest=10), 56, 4, 42, id="just above half shortens"),
        pytest.param(a_reading(9, lowest=4), 56, 4, 42, id="9 is too low for rule 3, a rise of 5 for rule 4"),
        pytest.param(a_reading(10, lowest=5), 56, 3, 28, id="10 with a rise of 5 is rule 3"),
        pytest.param(a_reading(10, lowest=6), 56, 4, 42, id="10 with a rise of 4 is not"),
        pytest.param(a_reading(4, stale=True), 56, 2, 56, id="stale keeps, never extends"),
        pytest.param(a_reading(20, stale=True), 56, 2, 56, id="stale keeps, never shortens"),
        pytest.param(a_reading(None, lowest=None), 56, 2, 56, id="missing keeps"),
        pytest.param(a_reading(4), 84, 6, 90, id="84 extended is 90"),
        pytest.param(a_reading(4), 90, 6, 90, id="90 extended stays 90"),
        pytest.param(a_reading(4), 76, 6, 90, id="76 extended is exactly 90"),
        pytest.param(a_reading(4), 75, 6, 89, id="75 extended is 89"),
        pytest.param(a_reading(9), 28, 4, 28, id="28 shortened stays 28"),
        pytest.param(a_reading(9), 42, 4, 28, id="42 shortened is exactly 28"),
        pytest.param(a_reading(9), 43, 4, 29, id="43 shortened is 29"),
        pytest.param(a_reading(9), 41, 4, 28, id="41 shortened is 28"),
    ],
)
def test_next_interval(reading: Reading, days: int, rule: int, becomes: int) -> None:
    step = next_interval(reading, days, _RULES, relapsing=False)
    assert (step.rule, step.previous_days, step.days) == (rule, days, becomes)


@pytest.mark.parametrize("baseline", [None, 0])
def test_no_later_interval_without_a_baseline(baseline: int | None) -> None:
    assert next_interval(a_reading(4, baseline=baseline), 42, _RULES, relapsing=False).verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("s", "lowest", "changes"),
    [
        pytest.param(10, 5, True, id="10 with a rise of 5"),
        pytest.param(9, 4, False, id="9 with a rise of 5"),
        pytest.param(10, 6, False, id="10 with a rise of 4"),
        pytest.param(4, 4, False, id="doing well changes nothing before the next booster"),
        pytest.param(17, 16, False, id="no response changes nothing before the next booster"),
    ],
)
def test_between_boosters_only_rule_3_applies(s: int, lowest: int, changes: bool) -> None:
    step = between_boosters(a_reading(s, lowest=lowest), 56, _RULES, relapsing=False)
    assert (step is not None) is changes
    if step is not None:
        assert (step.rule, step.days, step.verdict) == (3, 28, Verdict.WORSENING)


def test_a_stale_score_changes_nothing_between_boosters() -> None:
    assert between_boosters(a_reading(13, stale=True), 56, _RULES, relapsing=False) is None


def test_worsening_again_is_a_relapse() -> None:
    step = next_interval(a_reading(12), 28, _RULES, relapsing=True)
    assert (step.rule, step.days, step.verdict) == (3, 28, Verdict.RELAPSE)


@pytest.mark.parametrize(
    ("age", "stale"),
    [
        pytest.param(timedelta(hours=14 * 24, seconds=-1), False, id="a second less"),
        pytest.param(timedelta(hours=14 * 24), False, id="exactly 14 x 24 h"),
        pytest.param(timedelta(hours=14 * 24, seconds=1), True, id="a second more"),
    ],
)
def test_a_score_is_stale_after_14_times_24_hours(age: timedelta, stale: bool) -> None:
    score = Score(uuid4(), 4, 0, _NOW - age, _NOW - age, 2)
    from_long_ago = Score(uuid4(), 18, 0, _NOW - timedelta(days=100), _NOW, 1)
    first = a_first_session(_NOW - timedelta(days=90))
    reading = read_scores([from_long_ago, score], first, at=_NOW, valid_for=_RULES.score_valid_for)
    assert (reading.baseline, reading.lowest, reading.stale) == (18, 4, stale)


def test_baseline_is_the_last_before_the_first_dose_and_lowest_the_lowest_after_it() -> None:
    first = a_first_session(_NOW, order=3)
    scores = [
        Score(uuid4(), 20, 0, _NOW - timedelta(days=9), _NOW, 1),
        Score(uuid4(), 17, 0, _NOW - timedelta(seconds=1), _NOW, 2),
        Score(uuid4(), 9, 0, _NOW + timedelta(days=1), _NOW, 4),
        Score(uuid4(), 3, 0, _NOW + timedelta(days=2), _NOW, 5),
        Score(uuid4(), 6, 0, _NOW + timedelta(days=3), _NOW, 6),
    ]
    reading = read_scores(scores, first, at=_NOW + timedelta(days=3), valid_for=_RULES.score_valid_for)
    assert (reading.baseline, reading.lowest) == (17, 3)
    assert reading.current is not None
    assert reading.current.total == 6


@pytest.mark.parametrize(("order", "baseline"), [(1, 18), (3, None)], ids=["learned before", "learned after"])
def test_at_the_same_instant_the_order_of_learning_tells(order: int, baseline: int | None) -> None:
    score = Score(uuid4(), 18, 0, _NOW, _NOW, order)
    reading = read_scores([score], a_first_session(_NOW, order=2), at=_NOW, valid_for=_RULES.score_valid_for)
    assert reading.baseline == baseline


def test_the_explanation_names_the_scores_and_the_rule() -> None:
    reading = a_reading(4)
    step = next_interval(reading, 42, _RULES, relapsing=False)
    assert explain(step, reading, _RULES) == "rule 6: PHQ-9 4 of baseline 18, lowest 4: 42 → 56 days"


def test_the_explanation_says_stale() -> None:
    reading = a_reading(4, stale=True)
    step = next_interval(reading, 56, _RULES, relapsing=False)
    assert explain(step, reading, _RULES) == "rule 2: PHQ-9 4 of baseline 18, lowest 4, stale: 56 → 56 days"


@given(
    s=st.none() | st.integers(0, 27),
    baseline=st.none() | st.integers(0, 27),
    lowest=st.none() | st.integers(0, 27),
    item_9=st.integers(0, 3),
    stale=st.booleans(),
    days=st.integers(1, 400),
    relapsing=st.booleans(),
)
def test_every_interval_lies_within_28_and_90_and_staleness_never_extends(
    s: int | None,
    baseline: int | None,
    lowest: int | None,
    item_9: int,
    stale: bool,
    days: int,
    relapsing: bool,
) -> None:
    reading = a_reading(s, baseline=baseline, lowest=lowest, item_9=item_9, stale=stale)
    step = next_interval(reading, days, _RULES, relapsing=relapsing)
    assert step.days is None or 28 <= step.days <= 90
    if step.days is not None and (stale or s is None):
        assert step.days <= max(days, 28)
    if step.days is not None and 28 <= days <= 90:
        assert step.days - days <= 14


@pytest.mark.parametrize(
    "bad",
    [
        {"shortest_days": 0},
        {"shortest_days": 91},
        {"first_remission_days": 91},
        {"first_response_days": 27},
        {"step_days": 0},
        {"response_percent": 100},
        {"keep_rise": 6},
        {"relapse_after": timedelta(days=16)},
    ],
    ids=str,
)
def test_rules_that_contradict_themselves_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        LadderRules(**bad)  # type: ignore[arg-type]
