"""When a patient may drive again: through both daylight-saving nights and in odd zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.discharge.domain.policies.driving_restriction import (
    SleepAttestation,
    anchor_of,
    counting_attestation,
    earliest_end,
    local_instant,
    moved,
    night_start,
    restriction,
)
from services.discharge.domain.policies.driving_rules import DrivingRules
from services.discharge.domain.states import RestrictionState

RULES = DrivingRules()
NEW_YORK = ZoneInfo("America/New_York")
ODD_ZONES = (
    *("America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Havana", "America/Nuuk"),
    *("Asia/Kathmandu", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati", "UTC"),
)


def ends(started: str, anchor: str, zone: str = "America/New_York", rules: DrivingRules = RULES) -> datetime:
    """`started` and `anchor` are local wall times; the answer is in UTC."""
    where = ZoneInfo(zone)
    return earliest_end(
        administration_started_at=datetime.fromisoformat(started).replace(tzinfo=where),
        anchor=datetime.fromisoformat(anchor).replace(tzinfo=where),
        zone=where,
        rules=rules,
    )


def local(instant: datetime, zone: ZoneInfo = NEW_YORK) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


@pytest.mark.parametrize(
    ("started", "anchor", "expected"),
    [
        pytest.param("2026-06-10T21:00", "2026-06-10T23:40", "2026-06-11 07:40 EDT", id="ordinary night"),
        pytest.param("2026-03-07T21:00", "2026-03-07T23:40", "2026-03-08 08:40 EDT", id="spring forward"),
        pytest.param("2026-10-31T21:00", "2026-10-31T23:40", "2026-11-01 07:00 EST", id="fall back"),
    ],
)
def test_the_three_new_york_nights(started: str, anchor: str, expected: str) -> None:
    assert local(ends(started, anchor)) == expected


@pytest.mark.parametrize(
    ("started", "anchor", "expected"),
    [
        pytest.param("2026-06-10T09:00", "2026-06-10T12:00", "2026-06-11 07:00 EDT", id="leaves at noon"),
        pytest.param("2026-06-10T19:00", "2026-06-10T22:00", "2026-06-11 07:00 EDT", id="leaves at 22:00"),
        pytest.param("2026-06-10T19:00", "2026-06-10T23:00", "2026-06-11 07:00 EDT", id="leaves at 23:00"),
        pytest.param("2026-06-10T19:00", "2026-06-10T23:01", "2026-06-11 07:01 EDT", id="leaves at 23:01"),
        pytest.param("2026-06-10T22:00", "2026-06-11T03:00", "2026-06-11 11:00 EDT", id="leaves in the night"),
        pytest.param("2026-06-11T00:30", "2026-06-11T03:00", "2026-06-12 07:00 EDT", id="dosed after midnight"),
        pytest.param("2026-06-10T22:00", "2026-06-11T06:59", "2026-06-11 14:59 EDT", id="a minute before morning"),
        pytest.param("2026-06-10T22:00", "2026-06-11T07:00", "2026-06-12 07:00 EDT", id="as the morning begins"),
        pytest.param("2026-06-11T04:00", "2026-06-11T06:59", "2026-06-12 07:00 EDT", id="dosed before dawn"),
    ],
)
def test_an_ordinary_night(started: str, anchor: str, expected: str) -> None:
    assert local(ends(started, anchor)) == expected


def test_a_site_may_ask_for_twenty_four_elapsed_hours() -> None:
    rules = replace(RULES, at_least=timedelta(hours=24))
    assert local(ends("2026-06-10T09:00", "2026-06-10T12:00", rules=rules)) == "2026-06-11 12:00 EDT"
    assert local(ends("2026-03-07T09:00", "2026-03-07T12:00", rules=rules)) == "2026-03-08 13:00 EDT"
    # never less than the night asks for
    assert local(ends("2026-06-11T00:30", "2026-06-11T03:00", rules=rules)) == "2026-06-12 07:00 EDT"


def test_the_zone_is_where_the_patient_sleeps() -> None:
    started, left = datetime(2026, 6, 10, 16, tzinfo=UTC), datetime(2026, 6, 10, 19, tzinfo=UTC)
    there = earliest_end(
        administration_started_at=started, anchor=left, zone=ZoneInfo("America/Los_Angeles"), rules=RULES
    )
    assert there == datetime(2026, 6, 11, 14, tzinfo=UTC)


def test_the_anchor_is_the_later_of_the_dose_and_leaving() -> None:
    dose, earlier, later = (datetime(2026, 6, 10, hour, tzinfo=UTC) for hour in (15, 14, 17))
    assert anchor_of(dose, None) == dose
    assert anchor_of(dose, earlier) == dose
    assert anchor_of(dose, later) == later


def test_a_wall_time_that_is_skipped_or_doubled_becomes_the_later_instant() -> None:
    # 22:00 on 25 March 2023 did not exist in Nuuk: clocks went from 22:00 to 23:00
    nuuk = ZoneInfo("America/Nuuk")
    skipped = local_instant(date(2023, 3, 25), time(22), nuuk)
    assert skipped.astimezone(nuuk).time() == time(23)
    doubled = local_instant(date(2026, 11, 1), time(1, 30), NEW_YORK)
    assert doubled == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_day_that_never_was_gives_no_morning() -> None:
    # Apia went from 29 to 31 December 2011
    assert local(ends("2011-12-29T15:00", "2011-12-29T18:00", "Pacific/Apia"), ZoneInfo("Pacific/Apia")).startswith(
        "2011-12-31 07:00"
    )


def _from(year: int, month: int, day: int, *, days: int) -> st.SearchStrategy[datetime]:
    first = datetime(year, month, day, tzinfo=UTC)
    return st.timedeltas(timedelta(), timedelta(days=days)).map(lambda after: first + after)


_NIGHTS = st.one_of(
    _from(2026, 3, 6, days=4), _from(2026, 10, 23, days=11), _from(2024, 3, 29, days=10), _from(2001, 1, 1, days=10_000)
)
_ZONES = st.sampled_from(ODD_ZONES).map(ZoneInfo)
_SPANS = st.timedeltas(timedelta(), timedelta(hours=30))


@given(started=_NIGHTS, lasted=_SPANS, zone=_ZONES)
@example(started=datetime(2026, 3, 8, 1, tzinfo=UTC), lasted=timedelta(hours=3, minutes=40), zone=NEW_YORK)
@example(started=datetime(2026, 11, 1, 1, tzinfo=UTC), lasted=timedelta(hours=2, minutes=40), zone=NEW_YORK)
def test_never_before_eight_elapsed_hours_nor_before_seven_on_a_later_day(
    started: datetime, lasted: timedelta, zone: ZoneInfo
) -> None:
    anchor = started + lasted
    end = earliest_end(administration_started_at=started, anchor=anchor, zone=zone, rules=RULES)
    assert end >= night_start(anchor, zone, RULES) + timedelta(hours=8)
    assert end >= anchor + timedelta(hours=8)
    there = end.astimezone(zone)
    assert there.time() >= time(7)
    assert there.date() > started.astimezone(zone).date()
    # and no longer than the night asks for
    assert end <= anchor + timedelta(hours=34)


@given(started=_NIGHTS, lasted=_SPANS, later=_SPANS, zone=_ZONES)
def test_leaving_later_never_ends_it_earlier(
    started: datetime, lasted: timedelta, later: timedelta, zone: ZoneInfo
) -> None:
    def end(anchor: datetime) -> datetime:
        return earliest_end(administration_started_at=started, anchor=anchor, zone=zone, rules=RULES)

    assert end(started + lasted + later) >= end(started + lasted)


@given(facts=st.lists(st.tuples(_NIGHTS, _SPANS, _ZONES), min_size=1, max_size=6))
def test_later_facts_move_it_later_never_earlier(facts: list[tuple[datetime, timedelta, ZoneInfo]]) -> None:
    known: list[datetime] = []
    for started, lasted, zone in facts:
        again = earliest_end(administration_started_at=started, anchor=started + lasted, zone=zone, rules=RULES)
        known.append(again if not known else moved(known[-1], again))
        assert known[-1] >= again
    assert known == sorted(known)


EARLIEST = datetime(2026, 6, 11, 11, 0, tzinfo=UTC)


def attested(minutes: float = 30, **changes: Any) -> SleepAttestation:
    """Well slept, that many minutes after the earliest end."""
    return replace(SleepAttestation(EARLIEST + timedelta(minutes=minutes), 7.0, True, True), **changes)


def stands(*words: SleepAttestation, minutes: float = 60, has_left: bool = True) -> tuple[RestrictionState, Any]:
    found = restriction(
        has_left=has_left,
        earliest_end_at=EARLIEST,
        attestations=words,
        rules=RULES,
        now=EARLIEST + timedelta(minutes=minutes),
    )
    return found.state, found.ends_at


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        pytest.param(-1, RestrictionState.IN_FORCE, id="a minute before"),
        pytest.param(0, RestrictionState.UNCONFIRMED, id="at the earliest end"),
        pytest.param(600, RestrictionState.UNCONFIRMED, id="long after, still without a word"),
    ],
)
def test_time_alone_never_ends_it(minutes: float, state: RestrictionState) -> None:
    assert stands(minutes=minutes) == (state, None)


def test_before_leaving_it_is_provisional() -> None:
    assert stands(attested(), has_left=False) == (RestrictionState.PROVISIONAL, None)


@pytest.mark.parametrize(
    ("word", "ended"),
    [
        pytest.param(attested(), True, id="all three"),
        pytest.param(attested(slept_hours=6.0), True, id="six hours"),
        pytest.param(attested(slept_hours=5.9), False, id="under six hours"),
        pytest.param(attested(rested=False), False, id="not rested"),
        pytest.param(attested(symptom_free=False), False, id="symptoms"),
        pytest.param(attested(-0.1), False, id="given before the earliest end"),
        pytest.param(attested(0), True, id="given at the earliest end"),
    ],
)
def test_only_a_word_that_meets_all_three_after_the_earliest_end_ends_it(word: SleepAttestation, ended: bool) -> None:
    state, ends_at = stands(word)
    assert (state is RestrictionState.ENDED) is ended
    assert ends_at == (word.attested_at if ended else None)


def test_of_the_later_words_the_latest_counts() -> None:
    good, bad = attested(10), attested(20, rested=False)
    assert stands(good, bad)[0] is RestrictionState.UNCONFIRMED
    assert stands(bad, good, attested(30))[0] is RestrictionState.ENDED
    assert counting_attestation([attested(10), attested(10, rested=False)], EARLIEST) == attested(10, rested=False)


def test_an_early_word_never_stands_in_for_a_later_bad_one() -> None:
    assert stands(attested(20, symptom_free=False), attested(-60)) == (RestrictionState.UNCONFIRMED, None)


def test_one_that_moves_later_is_in_force_again() -> None:
    word = attested(10)
    later = restriction(
        has_left=True,
        earliest_end_at=EARLIEST + timedelta(hours=2),
        attestations=(word,),
        rules=RULES,
        now=EARLIEST + timedelta(hours=1),
    )
    assert later.state is RestrictionState.IN_FORCE


@pytest.mark.parametrize(
    "change",
    [
        {"version": ""},
        {"night": timedelta()},
        {"night_begins": time(6)},
        {"at_least": timedelta()},
        {"slept_hours": 0.0},
        {"staff_task_after": timedelta(minutes=30)},
    ],
    ids=str,
)
def test_rules_that_make_no_sense_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="make no sense"):
        replace(RULES, **change)
