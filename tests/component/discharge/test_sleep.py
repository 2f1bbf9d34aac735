"""The day after: the patient's word on sleep ends the restriction, and its absence is followed up."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from services.discharge.domain.states import NoticeKind
from services.discharge.store.tables import NoticeRow
from tests.support.house import House

EARLIEST = "2026-03-03T12:00:00Z"  # 07:00 in New York
HOUR = 60


def notices(stay: Any) -> list[tuple[str, bool]]:
    with stay.house.service("discharge").unit_of_work() as uow:
        rows = uow.session.scalars(select(NoticeRow).order_by(NoticeRow.written_at)).all()
        return [(row.kind.value, row.sent_at is not None) for row in rows if row.session_id == stay.session_id]


@pytest.mark.parametrize(
    ("local_end", "expected"),
    [
        pytest.param("2026-06-10T23:40", "2026-06-11T07:40", id="ordinary night"),
        pytest.param("2026-03-07T23:40", "2026-03-08T08:40", id="spring forward"),
        pytest.param("2026-10-31T23:40", "2026-11-01T07:00", id="fall back"),
    ],
)
def test_the_three_new_york_nights_by_http(house: House, another: Any, local_end: str, expected: str) -> None:
    zone = ZoneInfo("America/New_York")
    house.clock.at = datetime.fromisoformat(local_end).replace(tzinfo=zone)
    house.service("discharge")
    stay = another().begins()
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    found = datetime.fromisoformat(stay.restriction()["earliest_end_at"])
    assert found.astimezone(zone).strftime("%Y-%m-%dT%H:%M") == expected


def test_leaving_late_in_the_night_moves_it_later(house: House, another: Any) -> None:
    house.clock.at = datetime(2026, 6, 11, 0, 40, tzinfo=UTC)  # 20:40 in New York
    house.service("discharge")
    stay = another().begins()
    assert stay.restriction()["earliest_end_at"] == "2026-06-11T11:00:00Z"
    stay.move_to(3 * HOUR)
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    assert stay.restriction()["earliest_end_at"] == "2026-06-11T11:40:00Z"
    [cleared] = stay.published()
    assert cleared.restriction_earliest_end_at == datetime(2026, 6, 11, 11, 40, tzinfo=UTC)


def test_before_leaving_it_is_provisional_from_administration_end(stay: Any) -> None:
    restriction = stay.restriction()
    assert restriction["state"] == "provisional"
    assert (restriction["earliest_end_at"], restriction["ends_at"]) == (EARLIEST, None)
    assert (restriction["time_zone"], restriction["rule_version"]) == ("America/New_York", "driving-2026-11")


def test_an_early_word_is_kept_and_does_not_count(stay: Any, house: House) -> None:
    stay.is_released()
    house.step_to(stay.at(20 * HOUR))
    assert stay.sleeps()["state"] == "in-force"
    house.step_to(stay.at(21 * HOUR))
    assert stay.restriction()["state"] == "unconfirmed"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        pytest.param({"slept_hours": 6}, "ended", id="six hours"),
        pytest.param({"slept_hours": 5.5}, "unconfirmed", id="too short"),
        pytest.param({"rested": False}, "unconfirmed", id="not rested"),
        pytest.param({"symptom_free": False}, "unconfirmed", id="symptoms"),
    ],
)
def test_the_word_must_meet_all_three(stay: Any, house: House, word: dict[str, Any], state: str) -> None:
    stay.is_released()
    house.step_to(stay.at(21 * HOUR))
    assert stay.sleeps(**word)["state"] == state
    assert stay.restriction()["state"] == state


def test_it_ends_at_the_word_when_that_comes_later(stay: Any, house: House) -> None:
    stay.is_released()
    house.step_to(stay.at(21.5 * HOUR))
    ended = stay.sleeps()
    assert (ended["state"], ended["ends_at"]) == ("ended", "2026-03-03T12:30:00Z")


def test_a_later_word_that_falls_short_brings_it_back_and_is_followed_up(stay: Any, house: House) -> None:
    stay.is_released()
    house.step_to(stay.at(21 * HOUR))
    stay.sleeps()
    house.step_to(stay.at(22 * HOUR))
    assert stay.sleeps(symptom_free=False)["state"] == "unconfirmed"
    house.step_to(stay.at(28 * HOUR))
    assert stay.tasks() == ["sleep-unconfirmed"]


def test_a_nurse_may_take_the_word_on_the_phone(stay: Any, house: House) -> None:
    stay.is_released()
    house.step_to(stay.at(21 * HOUR))
    word = {"slept_hours": 8, "rested": True, "symptom_free": True}
    assert stay.staff().post(f"{stay.path}/sleep-attestations", word, expect=200).get_json()["state"] == "ended"


UNREADABLE: list[tuple[dict[str, Any], str]] = [
    ({"slept_hours": None}, "/slept_hours"),
    ({"slept_hours": -0.1}, "/slept_hours"),
    ({"slept_hours": 24.1}, "/slept_hours"),
    ({"slept_hours": "7"}, "/slept_hours"),
    ({"slept_hours": True}, "/slept_hours"),
    ({"rested": None}, "/rested"),
    ({"symptom_free": "yes"}, "/symptom_free"),
]


def test_a_word_that_cannot_be_read_is_refused(stay: Any) -> None:
    for change, pointer in UNREADABLE:
        word = {"slept_hours": 7, "rested": True, "symptom_free": True} | change
        problem = stay.portal().post(f"{stay.path}/sleep-attestations", word, expect=422).get_json()
        assert [error["pointer"] for error in problem["errors"]] == [pointer], change


def test_without_a_word_the_patient_is_reminded_after_an_hour_and_staff_told_after_six(stay: Any, house: House) -> None:
    stay.is_released()
    house.step_to(stay.at(22 * HOUR - 1))
    assert notices(stay) == []
    house.step_to(stay.at(22 * HOUR))
    assert notices(stay) == [(NoticeKind.SLEEP_REMINDER.value, True)]
    house.step_to(stay.at(27 * HOUR - 1))
    assert stay.tasks() == []
    house.step_to(stay.at(27 * HOUR))
    assert stay.tasks() == ["sleep-unconfirmed"]
    house.step_to(stay.at(72 * HOUR))
    assert (len(notices(stay)), stay.tasks()) == (1, ["sleep-unconfirmed"])


def test_a_jump_of_weeks_reminds_once(stay: Any, house: House) -> None:
    stay.is_released()
    house.advance(timedelta(weeks=4))
    assert (len(notices(stay)), stay.tasks()) == (1, ["sleep-unconfirmed"])


def test_a_word_in_time_stops_both(stay: Any, house: House) -> None:
    stay.is_released()
    house.step_to(stay.at(21 * HOUR))
    stay.sleeps()
    house.step_to(stay.at(48 * HOUR))
    assert (notices(stay), stay.tasks()) == ([], [])


def test_nobody_is_reminded_before_the_patient_has_left(stay: Any, house: House) -> None:
    house.step_to(stay.at(48 * HOUR))
    assert stay.restriction()["state"] == "provisional"
    assert stay.tasks() == ["lasting-symptoms"]


def test_leaving_against_advice_pages_once(stay: Any, house: House) -> None:
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    house.run_workers()
    house.run_workers()
    assert notices(stay) == [(NoticeKind.PAGE_CLINICIAN.value, True)]


def test_a_portal_that_has_the_restriction_downloads_nothing(stay: Any) -> None:
    portal = stay.portal()
    first = portal.get(f"{stay.path}/driving-restriction")
    etag = {"If-None-Match": first.headers["ETag"]}
    portal.get(f"{stay.path}/driving-restriction", headers=etag, expect=304)
    stay.move_to(30)
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    assert portal.get(f"{stay.path}/driving-restriction", headers=etag, expect=200).get_json()["state"] == "in-force"


def test_each_word_on_the_night_is_a_version_of_its_own_though_the_clock_stands_still(stay: Any) -> None:
    stay.is_released()
    tags = []
    for _ in range(2):
        stay.sleeps()
        tags.append(stay.staff().get(stay.path).headers["ETag"])
    assert len(set(tags)) == 2
