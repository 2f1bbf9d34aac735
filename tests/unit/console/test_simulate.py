"""What the simulator does next, and what it leaves to people."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.console import simulate_board, simulate_chair, simulate_home
from services.console.client import Refusal
from services.console.simulate import Simulator

_NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_CARE: Any = object()


def _item(**changes: Any) -> dict[str, Any]:
    return {
        "session_id": "11111111-1111-4111-8111-111111111111",
        "patient_id": "22222222-2222-4222-8222-222222222222",
        "course_id": "33333333-3333-4333-8333-333333333333",
        "site_id": "riverside",
        "state": "booked",
        "kind": "induction",
        "number": 1,
        "planned_sessions": 6,
        "product": "ketamine-iv",
        "starts_at": _NOW.isoformat(),
        "started_at": None,
        "in_the_way": [],
    } | changes


def _step(minutes: int, **changes: Any) -> str | None:
    found = simulate_board.next_act(_CARE, _item(**changes), _NOW + timedelta(minutes=minutes))
    return None if found is None else found[0]


def _way(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "message": "…"} for code in codes]


@pytest.mark.parametrize(
    ("minutes", "step"), [(-9, None), (-8, "check-in"), (60, "check-in"), (89, "check-in"), (90, "no-show")]
)
def test_somebody_who_is_booked_comes_in_time_or_counts_as_missed(minutes: int, step: str | None) -> None:
    assert _step(minutes) == step


@pytest.mark.parametrize(
    ("minutes", "codes", "step"),
    [
        (2, (), None),
        (3, (), "start"),
        (5, ("transport-missing",), None),
        (6, ("transport-missing",), "transport"),
        (6, ("transport-not-adult",), "transport"),
        (30, ("chair-occupied",), None),
        (30, ("on-hold",), None),
        (90, ("on-hold",), "cancel"),
        (30, ("arrival-unknown",), "start"),
        (180, ("chair-occupied",), "cancel"),
    ],
)
def test_nobody_is_started_while_something_stands_against_it(
    minutes: int, codes: tuple[str, ...], step: str | None
) -> None:
    assert _step(minutes, state="arrived", in_the_way=_way(*codes)) == step


@pytest.mark.parametrize(("minutes", "step"), [(10, None), (11, "complete")])
def test_a_dose_takes_its_time(minutes: int, step: str | None) -> None:
    assert _step(minutes, state="started", started_at=_NOW.isoformat()) == step


@pytest.mark.parametrize("state", ["recovering", "left", "cancelled", "no-show"])
def test_what_is_over_is_left_alone(state: str) -> None:
    assert _step(500, state=state) is None


def _recovery(minutes: int, **changes: Any) -> dict[str, Any]:
    return {
        "session_id": "11111111-1111-4111-8111-111111111111",
        "patient_id": "22222222-2222-4222-8222-222222222222",
        "state": "recovering",
        "monitored_minutes": minutes,
        "next_observation_due_at": (_NOW + timedelta(hours=1)).isoformat(),
        "vitals": {"observed_at": _NOW.isoformat()},
        "baseline": {"systolic_mmhg": 120, "diastolic_mmhg": 78},
        "open_emergencies": 0,
        "transport": {"kind": "escort", "name": "A", "phone": None, "present": True, "identified_by": "photo ID"},
        "instructions": {"patient_acknowledged": True, "escort_acknowledged": True},
        "suicide_risk_check": {"outcome": "no-concern"},
        "version": 3,
    } | changes


@pytest.mark.parametrize(
    ("recovery", "step"),
    [
        (_recovery(30), None),
        (_recovery(30, open_emergencies=1), "acknowledge"),
        (_recovery(30, next_observation_due_at=(_NOW - timedelta(minutes=6)).isoformat()), "observe"),
        (_recovery(0, next_observation_due_at=(_NOW + timedelta(minutes=1)).isoformat()), None),
        (_recovery(113, suicide_risk_check={"outcome": None}), None),
        (_recovery(114, suicide_risk_check={"outcome": None}), "settle"),
        (_recovery(119), None),
        (_recovery(140), "release"),
        (_recovery(40_000, vitals={"observed_at": (_NOW - timedelta(days=28)).isoformat()}), "observe"),
        (_recovery(60, state="held", vitals={"observed_at": (_NOW - timedelta(minutes=10)).isoformat()}), "observe"),
    ],
    ids=[
        "nothing due", "emergency", "observation due", "not due yet", "not yet", "sheet and check",
        "one minute early", "long enough", "left for weeks by a jump", "held",
    ],
)  # fmt: skip
def test_a_chair_gets_what_it_needs_next(recovery: dict[str, Any], step: str | None) -> None:
    found = simulate_chair.next_act(_CARE, recovery, _NOW)
    assert (None if found is None else found[0]) == step


def test_bookings_lie_ahead_on_the_day_that_is_due_or_tomorrow() -> None:
    zone = ZoneInfo("America/New_York")
    slots = simulate_home.coming_slots(zone, _NOW)
    assert all(slot > _NOW for slot in slots)
    assert {slot.astimezone(zone).date() - _NOW.date() for slot in slots} <= {timedelta(days=day) for day in range(3)}

    overdue = simulate_home.booster_at(zone, {"booster_id": "b", "due_on": "2026-01-05"}, _NOW)
    ahead = simulate_home.booster_at(zone, {"booster_id": "b", "due_on": "2026-03-12"}, _NOW)
    assert (overdue.date().isoformat(), ahead.date().isoformat()) == ("2026-03-03", "2026-03-12")


class _StubbornClinics:
    """Answers boards with one session each time and refuses every act."""

    def __init__(self, now: datetime) -> None:
        self.at = now
        self.asked: list[str] = []

    def caller(self, *_: Any, **__: Any) -> "_StubbornClinics":
        return self

    def now(self) -> datetime:
        return self.at

    def get(self, path: str, **_: Any) -> dict[str, Any]:
        if path.endswith("/sites"):
            site = {"site_id": "riverside", "time_zone": "America/New_York", "chairs": [{"chair_id": "r1"}]}
            return {"items": [site]}
        return {"items": [_item()]}

    def everything(self, path: str, **_: Any) -> list[dict[str, Any]]:
        return []

    def post(self, path: str, *_: Any, **__: Any) -> None:
        self.asked.append(path)
        raise Refusal("POST", path, 409, {"type": "urn:afterglow:problem:wrong-state"})


@pytest.mark.parametrize("jump", [timedelta(minutes=20), timedelta(hours=1), timedelta(days=1), timedelta(weeks=4)])
def test_refusals_and_jumps_of_the_clock_stop_no_pass(jump: timedelta) -> None:
    clinics = _StubbornClinics(_NOW)
    simulator = Simulator(clinics)  # type: ignore[arg-type]
    simulator.make_pass()
    clinics.at += jump
    simulator.make_pass()

    assert clinics.asked


def test_the_morning_that_was_sown_is_left_for_people_to_see() -> None:
    clinics = _StubbornClinics(_NOW)
    simulator = Simulator(clinics)  # type: ignore[arg-type]
    for seconds in (0, 100, 100):
        clinics.at += timedelta(seconds=seconds)
        simulator.make_pass()

    assert not [path for path in clinics.asked if "/sessions/" in path]


def test_what_was_refused_is_not_asked_again_at_once() -> None:
    clinics = _StubbornClinics(_NOW)
    simulator = Simulator(clinics)  # type: ignore[arg-type]
    simulator.make_pass()
    clinics.at += timedelta(minutes=20)
    for _ in range(3):
        simulator.make_pass()

    check_ins = [path for path in clinics.asked if path.endswith("check-in")]
    assert len(check_ins) == 1
