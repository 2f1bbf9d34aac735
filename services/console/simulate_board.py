"""What the next step of a session on today's board is, and who takes it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from services.console import care as acts
from services.console.care import Care, Visit
from services.console.seed_past import DOSES_MG

Act = tuple[str, Callable[[], Any]]

_CHECKS_IN = timedelta(minutes=-8)
_SETTLES_TRANSPORT = timedelta(minutes=6)
_STARTS = timedelta(minutes=3)
_DOSED = timedelta(minutes=11)
_GIVES_UP = timedelta(minutes=90)
_LONGEST_DOSE = timedelta(minutes=12)


def number_of(text: str, below: int) -> int:
    """A number from 0 that `text` always gives: the simulator's chance, the same after a restart."""
    return crc32(text.encode()) % below


def next_act(care: Care, item: dict[str, Any], now: datetime) -> Act | None:
    """The step that is due for this session, None when nothing is. What only a person may settle is left to people."""
    visit = Visit(care, f"sim:{item['session_id']}", item["patient_id"], item["session_id"])
    starts_at = datetime.fromisoformat(item["starts_at"])
    since = now - starts_at
    match item["state"]:
        case "booked":
            if since >= _GIVES_UP:
                return "no-show", lambda: care.desk.post(f"/intake/v1/sessions/{item['session_id']}/no-show")
            if since >= _CHECKS_IN:
                return "check-in", lambda: _arrive(visit, item)
        case "arrived":
            return _before_the_dose(visit, item, since, now)
        case "started":
            if item["started_at"] and now - datetime.fromisoformat(item["started_at"]) >= _DOSED:
                return "complete", lambda: visit.complete(_dose(item, now))
    return None


def _before_the_dose(visit: Visit, item: dict[str, Any], since: timedelta, now: datetime) -> Act | None:
    codes = {found["code"] for found in item["in_the_way"]}
    if since >= _GIVES_UP * 2 or ("on-hold" in codes and since >= _GIVES_UP):
        path = f"/intake/v1/sessions/{visit.session_id}/cancel"
        return "cancel", lambda: visit.care.desk.post(path, {"reason": "could not be given today"})
    if any(code.startswith("transport") for code in codes):
        if since >= _SETTLES_TRANSPORT:
            return "transport", lambda: visit.bring(_ride(now))
    elif since >= _STARTS and not codes & {"on-hold", "chair-occupied"}:
        return "start", lambda: visit.start(_baseline(visit.session_id, now))
    return None


def _arrive(visit: Visit, item: dict[str, Any]) -> None:
    visit.check_in()
    number = int(item["number"] or 1)
    total = max(4, 18 - 4 * number) if item["kind"] == "induction" else 4 + number_of(visit.session_id, 6)
    acts.assess(visit.care, visit.key, visit.patient_id, total, 0)


def _ride(now: datetime) -> dict[str, Any]:
    return {
        "kind": "contracted-ride",
        "name": "Second Call Rides",
        "phone": "(212) 555-0199",
        "adult": True,
        "confirmed_at": now.isoformat(),
        "arrives_at": (now + timedelta(hours=3)).isoformat(),
    }


def _baseline(session_id: str, now: datetime) -> dict[str, Any]:
    return {
        "systolic_mmhg": 112 + number_of(session_id, 20),
        "diastolic_mmhg": 70 + number_of(session_id, 12),
        "heart_rate_bpm": 64 + number_of(session_id, 15),
        "spo2_percent": 96 + number_of(session_id, 4),
        "measured_at": now.isoformat(),
    }


def _dose(item: dict[str, Any], now: datetime) -> dict[str, Any]:
    started_at = max(datetime.fromisoformat(item["started_at"]), now - _LONGEST_DOSE)
    return {
        "dose_mg": DOSES_MG.get(item["product"], 40.0),
        "lot": f"DEMO-{100 + number_of(item['session_id'], 900)}",
        "administration_started_at": started_at.isoformat(),
        "administration_ended_at": now.isoformat(),
    }
