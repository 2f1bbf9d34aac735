"""What happens away from the chairs: bookings for the coming days, boosters called, words on sleep, journals."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.console import care as acts
from services.console.care import Care, Visit
from services.console.client import Refusal
from services.console.simulate_board import number_of

Act = Callable[[], Any]

_GIVEN = (
    "Alma",
    "Bela",
    "Cyrus",
    "Dora",
    "Emil",
    "Freya",
    "Gus",
    "Hedda",
    "Ivo",
    "Jana",
    "Kofi",
    "Lena",
    "Milo",
    "Nina",
)
_FAMILY = (
    "Ashby",
    "Bright",
    "Cole",
    "Dunmore",
    "Ellery",
    "Fairley",
    "Grove",
    "Holm",
    "Iversen",
    "Jessop",
    "Kerr",
    "Lund",
)
_AREA_CODES = {"riverside": "212", "lakeview": "312", "harbor": "213"}
_SLOTS = (time(8, 0), time(9, 30), time(11, 0), time(13, 0))
_MINUTES = 180
_OPENS, _CLOSES = time(7, 30), time(16, 30)
_SENTENCES = (
    "I slept, and the morning had edges again.",
    "A long corridor, and I wasn't afraid of the doors.",
    "Less noise today. I called my sister.",
)


def newcomer(care: Care, key: str, chairs: list[str], at: datetime) -> None:
    """Register somebody new, open a course and book its first session at `at` on the first chair that is free."""
    number = number_of(key, 10_000)
    person = {
        "family_name": _FAMILY[number % len(_FAMILY)],
        "given_name": _GIVEN[number // len(_FAMILY) % len(_GIVEN)],
        "birth_date": f"{1950 + number % 55}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "phone": f"({_AREA_CODES.get(care.site_id, '212')}) 555-01{number % 100:02d}",
    }
    patient_id = acts.register(care, key, person)
    course_id = acts.open_course(care, key, patient_id, product="ketamine-iv", planned=4, indication="depression")
    book_somewhere(care, key, patient_id, course_id, chairs, at, "induction")


def book_somewhere(
    care: Care, key: str, patient_id: str, course_id: str, chairs: list[str], at: datetime, kind: str
) -> None:
    """Book the first chair that is free at `at`; with an escort whose word is from now. A full house books nothing."""
    first = number_of(key, len(chairs))
    for chair in chairs[first:] + chairs[:first]:
        try:
            visit = acts.book(
                care, f"{key}:{chair}", patient_id, course_id, chair=chair, at=at, minutes=_MINUTES, kind=kind
            )
        except Refusal as refusal:
            if refusal.code == "chair-taken":
                continue
            raise
        visit.bring(
            {
                "kind": "escort",
                "name": f"{_GIVEN[number_of(key, len(_GIVEN))]} {_FAMILY[number_of(key + 'e', len(_FAMILY))]}",
                "relationship": ("friend", "partner", "sibling")[number_of(key, 3)],
                "phone": f"({_AREA_CODES.get(care.site_id, '212')}) 555-01{number_of(key, 100):02d}",
                "adult": True,
                "arrives_at": (at + timedelta(minutes=_MINUTES)).isoformat(),
            }
        )
        return


def coming_slots(zone: ZoneInfo, now: datetime) -> list[datetime]:
    """The starts that newcomers are booked for: what is left of today, and the two days after."""
    today = now.astimezone(zone).date()
    slots = (datetime.combine(today + timedelta(days=day), slot, zone) for day in range(3) for slot in _SLOTS)
    return [slot for slot in slots if slot > now + timedelta(minutes=20)]


def is_open(zone: ZoneInfo, now: datetime) -> bool:
    return _OPENS <= now.astimezone(zone).time() <= _CLOSES


def after(item: dict[str, Any], planned_done: int) -> str | None:
    """The kind of session that follows one that is over on today's board, None when the course is through."""
    if item["state"] == "left" and item["kind"] == "induction" and planned_done < item["planned_sessions"]:
        return "induction"
    return None


def booster_at(zone: ZoneInfo, booster: dict[str, Any], now: datetime) -> datetime:
    """The day it is due, or tomorrow when that has passed, at one of the day's slots."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    due = datetime.fromisoformat(booster["due_on"]).date()
    slot = _SLOTS[number_of(booster["booster_id"], len(_SLOTS))]
    return datetime.combine(max(due, tomorrow), slot, zone)


def home_act(care: Care, window: dict[str, Any], now: datetime, *, since: datetime) -> tuple[str, Act] | None:
    """What a patient at home does about now. The word on sleep only of those who left after `since`."""
    session_id = window["session_id"]
    visit = Visit(care, f"sim:{session_id}", window["patient_id"], session_id)
    opens_at = datetime.fromisoformat(window["opens_at"])
    called_at = datetime.fromisoformat(window["restriction_earliest_end_at"]) + timedelta(minutes=20)
    if datetime.fromisoformat(window["left_at"]) >= since and called_at <= now < called_at + timedelta(days=2):
        return "attest", lambda: visit.attest(6.5 + number_of(session_id, 4) / 2)
    if window["state"] == "open" and now >= opens_at + timedelta(hours=2 + number_of(session_id, 30)):
        return "journal", lambda: visit.journal(
            {
                "practice": "journal",
                "text": _SENTENCES[number_of(session_id, len(_SENTENCES))],
                "mood_0_10": 5 + number_of(session_id, 5),
                "sharing": ("private", "therapist", "care-team")[number_of(session_id, 3)],
            },
            "first",
        )
    return None
