"""This morning's sessions, lived minute by minute up to the demo's start."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from services.console.care import HEARD, Care, Visit, book, no_concern, well
from services.console.seed_cast import Escort, Reading, Ready, Today
from services.console.seed_past import Known
from services.console.seed_timeline import Timeline

# the clock stops here; what happens in between is done at the next stop, with the time it happened
_STOPS = (-240, -200, -176, -150, -122, -104, -88, -66, -52, -40, -30, -18, -12, -4, 0)


class Morning:
    """Puts one session of today on the timeline."""

    def __init__(self, timeline: Timeline, care: Care, today: Today, *, until: datetime) -> None:
        self._timeline = timeline
        self._care = care
        self._today = today
        self._until = until
        self._visit: Visit | None = None

    def tell(self, key: str, known: Known, *, booked_at: datetime, product: str, dose_mg: float) -> None:
        today = self._today
        self._timeline.add(booked_at, self._care.site_id, lambda: self._book(f"{key}:today", known))
        if today.escort is not None:
            # a word that somebody got is entered when they got it; a name alone, at booking
            at = booked_at if today.escort.confirmed is None else max(booked_at, self._stop(today.escort.confirmed))
            self._timeline.add(at, self._care.site_id, self._bring)
        if today.arrived is not None:
            self._at(today.arrived, lambda: self._booked().check_in())
        if today.started is not None:
            started = today.started
            self._at(started, lambda: self._booked().start(self._baseline(started)))
        if today.dosed is not None:
            dosed = today.dosed
            self._at(dosed[1], lambda: self._booked().complete(self._dose(dosed, dose_mg)))
            # one stop later, so that session-completed has opened the recovery
            self._watch(after=self._stop(dosed[1]))

    def _watch(self, *, after: datetime) -> None:
        for reading in self._today.readings:
            self._later(reading.minute, after, self._observing(reading))
        if self._today.ready is not Ready.NOTHING:
            done = self._today.left if self._today.left is not None else self._today.readings[-1].minute + 1
            self._later(done, after, lambda: self._settle(done))
        if self._today.left is not None:
            left = self._today.left
            self._later(left, after, lambda: self._booked().release(self._minute(left)))

    def _book(self, key: str, known: Known) -> None:
        today = self._today
        self._visit = book(
            self._care,
            key,
            known.patient_id,
            known.course_id,
            chair=today.chair,
            at=self._minute(today.starts),
            minutes=today.minutes,
            kind=today.kind,
        )

    def _bring(self) -> None:
        escort = self._escort()
        body = {
            "kind": escort.kind,
            "name": escort.name,
            "relationship": escort.relationship,
            "phone": escort.phone,
            "adult": escort.adult,
            "confirmed_at": None if escort.confirmed is None else self._minute(escort.confirmed).isoformat(),
            "arrives_at": None if escort.arrives is None else self._minute(escort.arrives).isoformat(),
        }
        self._booked().bring(body)

    def _baseline(self, started: int) -> dict[str, Any]:
        systolic, diastolic = self._today.baseline
        return {
            "systolic_mmhg": systolic,
            "diastolic_mmhg": diastolic,
            "heart_rate_bpm": 72,
            "spo2_percent": 97,
            "measured_at": self._minute(started).isoformat(),
        }

    def _dose(self, dosed: tuple[int, int], dose_mg: float) -> dict[str, Any]:
        return {
            "dose_mg": dose_mg,
            "lot": "DEMO-204",
            "administration_started_at": self._minute(dosed[0]).isoformat(),
            "administration_ended_at": self._minute(dosed[1]).isoformat(),
        }

    def _observing(self, reading: Reading) -> Callable[[], None]:
        return lambda: self._observe(reading)

    def _observe(self, reading: Reading) -> None:
        at = self._minute(reading.minute)
        if reading.pressure is None:
            charted: dict[str, Any] = {
                "observed_at": at.isoformat(),
                "heart_rate_bpm": 74,
                "spo2_percent": reading.spo2,
                "moaas": reading.moaas,
            }
        else:
            systolic, diastolic = reading.pressure
            charted = well(at, systolic_mmhg=systolic, diastolic_mmhg=diastolic, spo2_percent=reading.spo2)
            charted["moaas"] = reading.moaas
            if reading.moaas < 5:
                charted |= _drowsy(reading.moaas)
        self._booked().observe(charted, reading.minute)

    def _settle(self, minute: int) -> None:
        escort = self._escort()
        ready = self._today.ready
        here = {
            "kind": escort.kind,
            "name": escort.name,
            "phone": escort.phone,
            "present": True,
            "identified_by": "photo ID",
        }
        self._booked().settle(
            transport=here if ready is Ready.ALL else None,
            instructions=HEARD if ready is not Ready.ALL_BUT_RISK_CHECK else None,
            risk=no_concern(self._minute(minute)) if ready is not Ready.ALL_BUT_RISK_CHECK else None,
        )

    def _escort(self) -> Escort:
        if self._today.escort is None:
            raise RuntimeError("nobody is named to take this patient home")
        return self._today.escort

    def _booked(self) -> Visit:
        if self._visit is None:
            raise RuntimeError("a session is booked before anything happens in it")
        return self._visit

    def _minute(self, minute: int) -> datetime:
        return self._until + timedelta(minutes=minute)

    def _stop(self, minute: int) -> datetime:
        """The first stop of the clock at or after `minute`; days back there are none, and the minute itself is one."""
        if minute < _STOPS[0] - 24 * 60:
            return self._minute(minute)
        return self._minute(next(stop for stop in _STOPS if stop >= minute))

    def _at(self, minute: int, act: Callable[[], None]) -> None:
        self._timeline.add(self._stop(minute), self._care.site_id, act)

    def _later(self, minute: int, after: datetime, act: Callable[[], None]) -> None:
        """At the stop of `minute`, and at one after `after` in any case."""
        stops = (self._minute(stop) for stop in _STOPS)
        self._timeline.add(
            next(stop for stop in stops if stop > after and stop >= self._minute(minute)), self._care.site_id, act
        )


def _drowsy(moaas: int) -> dict[str, Any]:
    """What goes with a patient who isn't fully awake yet."""
    return {
        "nausea_0_10": 2,
        "oriented": moaas >= 4,
        "steady_gait": None,
        "dissociation_resolved": False,
        "aldrete": {"activity": 1, "respiration": 2, "circulation": 2, "consciousness": 1, "oxygen": 2},
        "padss": {"vital_signs": 2, "activity": 1, "nausea_vomiting": 2, "pain": 2, "dissociation": 1},
        "symptoms": [{"code": "dizziness", "grade": 1}],
    }
