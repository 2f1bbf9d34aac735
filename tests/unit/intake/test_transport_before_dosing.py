"""Nobody is dosed before it is settled who takes them home."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.boosters import PlanWord
from services.intake.domain.policies.start import decide_start, refusal_code
from services.intake.domain.policies.transport import TransportRules, decide_transport
from services.intake.domain.sessions import SessionKind
from services.intake.domain.transport import Grown, Transport, TransportKind

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
RULES = TransportRules()
SECOND = timedelta(seconds=1)


def a_ride_home(**changes: object) -> Transport:
    ride = Transport(
        kind=TransportKind.ESCORT,
        name="Joy Okafor",
        phone="(212) 555-0135",
        relationship="sister",
        grown=Grown.ADULT,
        confirmed_at=START - timedelta(hours=2),
    )
    return replace(ride, **changes)  # type: ignore[arg-type]


def codes(transport: Transport | None, *, starts_at: datetime = START, now: datetime = START) -> list[str]:
    return [reason.code for reason in decide_transport(transport, RULES, starts_at=starts_at, now=now).reasons]


def test_a_confirmed_adult_is_enough() -> None:
    assert codes(a_ride_home()) == []


def test_nobody_named_is_refused() -> None:
    assert codes(None) == ["transport-missing"]


@pytest.mark.parametrize("grown", [Grown.MINOR, Grown.NOT_SAID])
def test_only_a_known_adult_counts(grown: Grown) -> None:
    assert codes(a_ride_home(grown=grown)) == ["transport-not-adult"]


def test_a_name_without_a_word_is_not_confirmed() -> None:
    assert codes(a_ride_home(confirmed_at=None)) == ["transport-unconfirmed"]


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(timedelta(hours=24) - SECOND, [], id="below 24 h"),
        pytest.param(timedelta(hours=24), [], id="at 24 h"),
        pytest.param(timedelta(hours=24) + SECOND, ["transport-stale"], id="above 24 h"),
        pytest.param(timedelta(days=3), ["transport-stale"], id="Friday's word on Monday"),
    ],
)
def test_their_word_ages(age: timedelta, expected: list[str]) -> None:
    assert codes(a_ride_home(confirmed_at=START - age)) == expected


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        pytest.param(timedelta(hours=4), [], id="at 4 h late"),
        pytest.param(timedelta(hours=4) + SECOND, ["transport-stale"], id="more than 4 h late"),
    ],
)
def test_a_late_start_is_measured_from_the_booked_one_for_a_while(late: timedelta, expected: list[str]) -> None:
    assert codes(a_ride_home(confirmed_at=START - timedelta(hours=24)), now=START + late) == expected


def test_an_early_start_is_measured_from_now() -> None:
    word = a_ride_home(confirmed_at=START - timedelta(hours=30))
    assert codes(word, starts_at=START, now=START - timedelta(hours=6)) == []
    assert codes(word, starts_at=START, now=START - timedelta(hours=6) + SECOND) == ["transport-stale"]


def test_every_reason_is_given() -> None:
    assert codes(a_ride_home(grown=Grown.MINOR, confirmed_at=None)) == ["transport-not-adult", "transport-unconfirmed"]


@pytest.mark.parametrize(
    "transport",
    [None, a_ride_home(grown=Grown.MINOR, confirmed_at=None), a_ride_home(confirmed_at=START - timedelta(days=9))],
)
def test_reasons_name_nobody(transport: Transport | None) -> None:
    for reason in decide_transport(transport, RULES, starts_at=START, now=START).reasons:
        assert "Okafor" not in reason.message
        assert "555" not in reason.message


@pytest.mark.parametrize(
    ("kind", "word", "transport", "reasons", "code"),
    [
        (SessionKind.BOOSTER, PlanWord.HELD, a_ride_home(), ["on-hold"], "on-hold"),
        (SessionKind.BOOSTER, PlanWord.HELD, None, ["on-hold", "transport-missing"], "transport-missing"),
        (SessionKind.INDUCTION, PlanWord.HELD, a_ride_home(), [], None),
        (SessionKind.BOOSTER, PlanWord.DUE, a_ride_home(), [], None),
        (SessionKind.BOOSTER, None, a_ride_home(), [], None),
        (SessionKind.BOOSTER, None, a_ride_home(grown=Grown.MINOR), ["transport-not-adult"], "transport-missing"),
    ],
)
def test_a_booster_on_hold_is_not_started(
    kind: SessionKind, word: PlanWord | None, transport: Transport | None, reasons: list[str], code: str | None
) -> None:
    decision = decide_start(transport, word, RULES, kind=kind, starts_at=START, now=START)
    assert [reason.code for reason in decision.reasons] == reasons
    if code:
        assert refusal_code(decision) == code


def test_rules_refuse_limits_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="max_confirmation_age"):
        TransportRules(max_confirmation_age=timedelta())
    with pytest.raises(ValueError, match="max_late_start"):
        TransportRules(max_late_start=-SECOND)
