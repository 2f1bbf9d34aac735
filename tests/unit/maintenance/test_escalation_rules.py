"""Who must look, by when, and who is called when nobody does."""

from datetime import UTC, datetime, timedelta

import pytest

from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.instruments import Instrument
from services.maintenance.domain.policies.escalation import (
    Calling,
    EscalationRules,
    due_at,
    first_call,
    holds_plan,
    next_call,
    raised_by_answer,
)

_RULES = EscalationRules()
_NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, None),
        (0, None),
        (1, EscalationKind.SUICIDE_RISK_REVIEW),
        (2, EscalationKind.SUICIDE_RISK),
        (3, EscalationKind.SUICIDE_RISK),
    ],
)
def test_what_an_answer_raises(answer: int | None, kind: EscalationKind | None) -> None:
    assert raised_by_answer(answer, _RULES) is kind


@pytest.mark.parametrize(("answer", "holds"), [(0, False), (1, False), (2, True), (3, True)])
def test_item_9_of_phq_9_holds_from_2(answer: int, holds: bool) -> None:
    assert holds_plan(Instrument.PHQ_9, answer, _RULES) is holds
    assert not holds_plan(Instrument.QIDS_SR16, answer, _RULES), "other forms call people, not holds"


@pytest.mark.parametrize(
    ("kind", "within"),
    [
        (EscalationKind.SUICIDE_RISK, timedelta(minutes=15)),
        (EscalationKind.SUICIDE_RISK_REVIEW, timedelta(hours=24)),
        (EscalationKind.CONTACT_REQUESTED, timedelta(hours=24)),
        (EscalationKind.PRESCRIBER_REVIEW, timedelta(days=7)),
        (EscalationKind.WORSENING_REVIEW, timedelta(days=7)),
        (EscalationKind.RELAPSE, timedelta(days=7)),
    ],
)
def test_by_when_a_person_must_act(kind: EscalationKind, within: timedelta) -> None:
    assert due_at(kind, _NOW, _RULES) == _NOW + within


def test_only_suicide_risk_calls_people() -> None:
    calling = {kind: first_call(kind, _NOW, _RULES) for kind in EscalationKind}
    assert calling.pop(EscalationKind.SUICIDE_RISK) == Calling(0, _NOW + timedelta(minutes=15))
    assert set(calling.values()) == {None}


@pytest.mark.parametrize(
    ("minutes", "place", "next_minutes"),
    [
        pytest.param(14, 0, 15, id="not yet"),
        pytest.param(15, 1, 30, id="exactly 15 minutes"),
        pytest.param(29, 1, 30, id="the second has 15 minutes too"),
        pytest.param(30, 2, None, id="the last on call"),
        pytest.param(60 * 24 * 28, 2, None, id="after a jump of weeks, the last on call"),
    ],
)
def test_next_on_call(minutes: int, place: int, next_minutes: int | None) -> None:
    due, now = _NOW + timedelta(minutes=15), _NOW + timedelta(minutes=minutes)
    expected = None if next_minutes is None else _NOW + timedelta(minutes=next_minutes)
    assert next_call(0, due, _RULES, now=now) == Calling(place, expected)


@pytest.mark.parametrize(
    "bad",
    [
        {"review_from_answer": 3, "urgent_from_answer": 2},
        {"review_from_answer": 0},
        {"on_call": ()},
        {"urgent_within": timedelta()},
    ],
    ids=str,
)
def test_rules_that_leave_people_no_chance_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        EscalationRules(**bad)  # type: ignore[arg-type]
