"""What people do again and again on a patient's journey, and how what another service must hear of is waited for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from time import sleep
from typing import Any, Protocol, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from services.console.care import HEARD, no_concern, well
from services.console.client import Answer, Caller, Refusal
from shared.kernel.clock import monotonic

Seen = TypeVar("Seen")
Token = Callable[..., str]

PATIENCE_SECONDS = 60.0
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BASELINE = {"systolic_mmhg": 122, "diastolic_mmhg": 78, "heart_rate_bpm": 70, "spo2_percent": 98}
ESCORT = {"kind": "escort", "name": "Robin Walker", "phone": "(212) 555-0196", "relationship": "sibling", "adult": True}


class DemoTime(Protocol):
    """The demo's clock. `move_to` may answer before the workers have done what is due by then."""

    def now(self) -> datetime: ...

    def move_to(self, instant: datetime) -> None: ...


class Walker:
    """One patient among the people who care for her, at one site. `session_id`, `starts_at` and `ended_at` are those of
    the session at hand."""

    patient_id: str
    course_id: str
    session_id: str
    starts_at: datetime
    ended_at: datetime
    portal: Caller

    def __init__(self, http: httpx.Client, token_for: Token, clock: DemoTime, site_id: str, chair_id: str) -> None:
        self.http, self.token_for, self.clock = http, token_for, clock
        self.site_id, self.chair_id = site_id, chair_id
        self.desk, self.nurse = self.staff("front_desk"), self.staff("nurse")
        self.prescriber, self.therapist = self.staff("prescriber"), self.staff("therapist")
        sites = self.desk.get("/intake/v1/sites")["items"]
        self.zone = ZoneInfo(next(site["time_zone"] for site in sites if site["site_id"] == site_id))

    def staff(self, role: str) -> Caller:
        return Caller(self.http, self.token_for(role, self.site_id))

    def another_session(self, kind: str, starts_at: datetime, *, booked: bool = False) -> None:
        """A whole session without the detours, until the patient has left."""
        self.starts_at = starts_at
        if not booked:
            self.session_id = self.book(self.course_id, kind)["session_id"]
        self.clock.move_to(starts_at)
        self.desk.put(f"{self.session}/transport", ESCORT)
        self.desk.post(f"{self.session}/check-in")
        self.nurse.post(f"{self.session}/start", {"baseline": BASELINE})
        self.clock.move_to(starts_at + 10 * MINUTE)
        self.complete(starts_at + 2 * MINUTE, starts_at + 10 * MINUTE)
        eventually(lambda: self.nurse.get(self.recovery), lambda found: found["state"] == "recovering")
        self.at(120)
        for minutes in (105, 118):
            self.nurse.post(f"{self.recovery}/observations", well(self.moment(minutes)))
        self.settle()
        self.nurse.post(f"{self.recovery}/release")
        eventually(lambda: self.desk.get(self.session), lambda found: found["state"] == "left")

    def a_person(self) -> dict[str, str]:
        return {
            "family_name": f"Walker {uuid4().hex[:8]}",
            "given_name": "Avery",
            "birth_date": "1984-05-04",
            "phone": "(212) 555-0197",
            "home_site_id": self.site_id,
        }

    def open_course(self, patient_id: str) -> str:
        body = {
            "patient_id": patient_id,
            "site_id": self.site_id,
            "indication": "depression",
            "product": "ketamine-iv",
            "planned_sessions": 2,
        }
        return str(self.desk.post("/intake/v1/courses", body)["course_id"])

    def book(self, course_id: str, kind: str) -> Answer:
        body = {
            "course_id": course_id,
            "site_id": self.site_id,
            "chair_id": self.chair_id,
            "starts_at": self.starts_at.isoformat(),
            "kind": kind,
        }
        return self.desk.post("/intake/v1/sessions", body)

    def complete(self, started_at: datetime, ended_at: datetime) -> None:
        self.ended_at = ended_at
        dose = {
            "dose_mg": 40,
            "lot": "WALK-1",
            "administration_started_at": started_at.isoformat(),
            "administration_ended_at": ended_at.isoformat(),
        }
        assert self.nurse.post(f"{self.session}/complete", dose)["state"] == "recovering"

    def settle(self) -> None:
        here = {"kind": "escort", "name": "Robin Walker", "phone": None, "present": True, "identified_by": "photo ID"}
        self.nurse.put(f"{self.recovery}/transport", here)
        self.nurse.put(f"{self.recovery}/instructions", HEARD)
        self.nurse.put(f"{self.recovery}/suicide-risk-check", no_concern(self.clock.now()))

    def assess(self, answers: list[int]) -> Answer:
        body = {"patient_id": self.patient_id, "site_id": self.site_id, "instrument": "phq-9", "answers": answers}
        return self.nurse.post("/maintenance/v1/assessments", body)

    def journal(self, sharing: str, text: str, *, position: str) -> str:
        body = {
            "patient_id": self.patient_id,
            "session_id": self.session_id,
            "practice": "journal",
            "text": text,
            "mood_0_10": 6,
            "sharing": sharing,
        }
        # the window is opened by an event: it may take a moment
        kept = eventually(lambda: self.portal.post("/integration/v1/journals", body), lambda _: True)
        assert kept["window_position"] == position
        return str(kept["journal_id"])

    def attest(self, word: dict[str, Any]) -> Answer:
        return self.portal.post(f"{self.recovery}/sleep-attestations", word)

    def restriction(self) -> Answer:
        return self.portal.get(f"{self.recovery}/driving-restriction")

    def decision(self) -> Answer:
        return self.nurse.get(f"{self.recovery}/decision")

    def window(self) -> Answer:
        return self.portal.get(f"/integration/v1/windows/{self.session_id}")

    def prompt_is_sent(self, kind: str) -> datetime:
        def look() -> str | None:
            sent_at: str | None = next(one["sent_at"] for one in self.window()["prompts"] if one["kind"] == kind)
            return sent_at

        return instant(str(eventually(look, bool)))

    def boosters(self) -> list[dict[str, Any]]:
        found = self.desk.everything("/intake/v1/boosters", site_id=self.site_id)
        return [booster for booster in found if booster["patient_id"] == self.patient_id]

    def at(self, minutes: int) -> None:
        self.clock.move_to(self.moment(minutes))

    def moment(self, minutes: int) -> datetime:
        return self.ended_at + minutes * MINUTE

    def local(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    @property
    def session(self) -> str:
        return f"/intake/v1/sessions/{self.session_id}"

    @property
    def recovery(self) -> str:
        return f"/discharge/v1/recoveries/{self.session_id}"

    @property
    def plan(self) -> str:
        return f"/maintenance/v1/plans/{self.patient_id}"


class Refused:
    """What the refusal said, once the block is left."""

    title = ""
    reasons: tuple[str, ...] = ()


@contextmanager
def refused(status: int, code: str) -> Iterator["Refused"]:
    """The block must be refused with this status and problem type."""
    told = Refused()
    with pytest.raises(Refusal) as raised:
        yield told
    refusal = raised.value
    assert (refusal.status, refusal.code) == (status, code), str(refusal)
    told.title, told.reasons = refusal.title, refusal.reasons


def eventually(look: Callable[[], Seen], fits: Callable[[Seen], object]) -> Seen:
    """What `look` sees once it `fits`; facts travel between services, so it is asked again until a deadline.

    A record that isn't there yet (404) is one that doesn't fit yet.
    """
    give_up = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            seen = look()
            if fits(seen):
                return seen
            last = f"{seen!r:.500}"
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            last = str(refusal)
        assert monotonic() < give_up, f"this never came about; last seen: {last}"
        sleep(0.1)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
