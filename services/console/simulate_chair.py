"""What a patient in recovery needs next: an observation, an answer to a clinician's page, the way home, release."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from services.console.care import HEARD, Care, Visit, no_concern, well
from services.console.simulate_board import number_of

Act = tuple[str, Callable[[], Any]]

_WATCHED_MINUTES = 120
_DRESSES_AT_MINUTE = 114
_AWAKE_AT_MINUTE = 50
_MEASURES_AGAIN = timedelta(minutes=10)
_STILL_FRESH = timedelta(minutes=25)


def next_act(care: Care, recovery: dict[str, Any], now: datetime) -> Act | None:
    """The step that is due; nurses look up to five minutes after an observation falls due."""
    session_id = recovery["session_id"]
    visit = Visit(care, f"sim:{session_id}", recovery["patient_id"], session_id)
    visit.recovery_etag = f'"{recovery["version"]}"'
    if recovery["open_emergencies"]:
        path = f"/discharge/v1/recoveries/{session_id}/acknowledgements"
        return "acknowledge", lambda: care.prescriber.post(path, {"note": "Seen at the chair."})
    if _look_now(recovery, now):
        return "observe", lambda: visit.observe(_observation(recovery, now), now.isoformat())
    minutes = recovery["monitored_minutes"]
    if minutes >= _DRESSES_AT_MINUTE and not _settled(recovery):
        return "settle", lambda: visit.settle(
            transport=_here(recovery), instructions=HEARD, risk=no_concern(now) if _unasked(recovery) else None
        )
    if minutes >= _WATCHED_MINUTES + number_of(session_id, 12):
        return "release", lambda: _release_when_met(visit)
    return None


def _look_now(recovery: dict[str, Any], now: datetime) -> bool:
    seen = recovery["vitals"]["observed_at"]
    since = now - datetime.fromisoformat(seen) if seen else None
    if since is not None and recovery["state"] == "held" and since >= _MEASURES_AGAIN:
        return True
    if recovery["monitored_minutes"] >= _WATCHED_MINUTES and (since is None or since >= _STILL_FRESH):
        return True
    due = recovery["next_observation_due_at"]
    late = timedelta(minutes=number_of(f"{recovery['session_id']}{due}", 6))
    return due is not None and now >= datetime.fromisoformat(due) + late


def _observation(recovery: dict[str, Any], now: datetime) -> dict[str, Any]:
    minutes, baseline = recovery["monitored_minutes"], recovery["baseline"]
    risen = max(0, 18 - minutes // 5)
    systolic = min(int(baseline["systolic_mmhg"] or 122) + risen, 138 if minutes >= _AWAKE_AT_MINUTE else 158)
    diastolic = min(int(baseline["diastolic_mmhg"] or 78) + risen // 2, 88)
    charted = well(now, systolic_mmhg=systolic, diastolic_mmhg=diastolic)
    if minutes < _AWAKE_AT_MINUTE:
        charted |= {
            "moaas": 4,
            "dissociation_resolved": False,
            "steady_gait": None,
            "aldrete": charted["aldrete"] | {"activity": 1, "consciousness": 1},
            "padss": charted["padss"] | {"activity": 1, "dissociation": 1},
        }
    return charted


def _settled(recovery: dict[str, Any]) -> bool:
    home, heard = recovery["transport"], recovery["instructions"]
    here = home["kind"] and home["present"] and home["identified_by"]
    return bool(here and heard["patient_acknowledged"] and heard["escort_acknowledged"] and not _unasked(recovery))


def _unasked(recovery: dict[str, Any]) -> bool:
    return recovery["suicide_risk_check"]["outcome"] is None


def _here(recovery: dict[str, Any]) -> dict[str, Any]:
    home = recovery["transport"]
    return {
        "kind": home["kind"] or "contracted-ride",
        "name": home["name"] or "Second Call Rides",
        "phone": home["phone"],
        "present": True,
        "identified_by": "photo ID",
    }


def _release_when_met(visit: Visit) -> None:
    path = f"/discharge/v1/recoveries/{visit.session_id}/decision"
    if visit.care.nurse.get(path)["criteria_met"]:
        visit.release()
