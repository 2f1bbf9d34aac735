"""A past session, charted with the times it had."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.console.care import HEARD, Care, Visit, book, no_concern, well
from services.console.seed_cast import Journal, Story

DOSES_MG = {"ketamine-iv": 40.0, "ketamine-im": 50.0, "ketamine-oral": 200.0, "esketamine-nasal": 56.0}

LONGEST_STAY = timedelta(minutes=195)
"""From arriving for a past session to leaving, at most."""
ENDED_BEFORE_LEAVING = timedelta(minutes=150)
_STARTED_AFTER_ARRIVING = timedelta(minutes=15)
_TALK_AFTER_SESSION = timedelta(hours=50)
_TALK_MINUTES = 50

_RELATIONS = ("sister", "brother", "cousin")
_GIVEN = ("Alex", "Kim", "Robin", "Sam", "Toni")


@dataclass
class Known:
    """What the seed knows of a patient once they are registered."""

    patient_id: str = ""
    course_id: str = ""


@dataclass
class Past:
    """A session whose patient leaves at `closes_at`. All sessions of one day end their dose at one instant, so that
    what falls due afterwards falls due together and the clock has fewer stops."""

    care: Care
    key: str
    story: Story
    known: Known
    kind: str
    chair: str
    closes_at: datetime
    days: int
    _visit: Visit | None = field(default=None, init=False)
    _appointment_id: str = field(default="", init=False)

    @property
    def arrived_at(self) -> datetime:
        return self.closes_at - LONGEST_STAY

    @property
    def ended_at(self) -> datetime:
        return self.closes_at - ENDED_BEFORE_LEAVING

    @property
    def talked_at(self) -> datetime:
        """When psychotherapy inside the window begins."""
        return self.ended_at + _TALK_AFTER_SESSION

    def arrive(self) -> None:
        """Book, bring, check in and start."""
        chance = Random(self.key)  # noqa: S311 - plausible readings, the same ones every time
        starts_at = self.arrived_at + _STARTED_AFTER_ARRIVING
        booked = book(
            self.care,
            self.key,
            self.known.patient_id,
            self.known.course_id,
            chair=self.chair,
            at=starts_at,
            minutes=180,
            kind=self.kind,
        )
        self._visit = booked
        booked.bring(_transport(self._escort, chance, starts_at - timedelta(hours=2)))
        booked.check_in()
        booked.start(
            {
                "systolic_mmhg": chance.randint(114, 132),
                "diastolic_mmhg": chance.randint(70, 84),
                "heart_rate_bpm": chance.randint(62, 80),
                "spo2_percent": chance.randint(96, 99),
                "measured_at": self.arrived_at.isoformat(),
            }
        )

    def dose(self) -> None:
        chance = Random(f"{self.key}:dose")  # noqa: S311
        took = timedelta(minutes=10 if self.story.product == "esketamine-nasal" else 2)
        self._booked().complete(
            {
                "dose_mg": DOSES_MG[self.story.product],
                "lot": f"DEMO-{chance.randint(100, 999)}",
                "administration_started_at": (self.ended_at - took).isoformat(),
                "administration_ended_at": self.ended_at.isoformat(),
            }
        )

    def get_ready(self) -> None:
        """Watch, and settle what leaving needs."""
        chance = Random(f"{self.key}:home")  # noqa: S311
        visit = self._booked()
        for before in (22, 10):
            at = self.closes_at - timedelta(minutes=before)
            visit.observe(
                well(at, systolic_mmhg=chance.randint(116, 130), diastolic_mmhg=chance.randint(70, 82)), before
            )
        here: dict[str, Any] = {"kind": "escort", "name": self._escort, "phone": None}
        visit.settle(
            transport=here | {"present": True, "identified_by": "photo ID"},
            instructions=HEARD,
            risk=no_concern(self.closes_at - timedelta(minutes=20)),
        )

    def go_home(self) -> None:
        self._booked().release(self.closes_at)

    def wake(self) -> None:
        """The patient's word on the night."""
        self._booked().attest(Random(f"{self.key}:night").choice((6.5, 7.0, 7.5, 8.0)))  # noqa: S311

    def book_talk(self) -> None:
        """The therapist books psychotherapy inside the window."""
        self._appointment_id = self._booked().book_talk(self.talked_at, minutes=_TALK_MINUTES)

    def talk(self) -> None:
        """The patient came to it."""
        self._booked().came_to_talk(self._appointment_id)

    def journal(self, entry: Journal, written_at: datetime, mark: int) -> None:
        words: dict[str, Any] = {"text": entry.text}
        if entry.text is None:
            words = {"words_fail_me": {"body": "Warm chest, heavy legs.", "feelings": ["tender", "tired"]}}
        self._booked().journal(
            words
            | {
                "practice": entry.practice,
                "sharing": entry.sharing,
                "mood_0_10": entry.mood,
                "contact_requested": entry.contact,
                "written_at": written_at.isoformat(),
            },
            mark,
        )

    @property
    def _escort(self) -> str:
        return f"{Random(f'{self.key}:escort').choice(_GIVEN)} {self.story.family_name}"  # noqa: S311

    def _booked(self) -> Visit:
        if self._visit is None:
            raise RuntimeError("a session is given before its patient goes home")
        return self._visit


def _transport(name: str, chance: Random, confirmed_at: datetime) -> dict[str, Any]:
    return {
        "kind": "escort",
        "name": name,
        "relationship": chance.choice(_RELATIONS),
        "phone": f"(212) 555-01{chance.randint(0, 99):02d}",
        "adult": True,
        "confirmed_at": confirmed_at.isoformat(),
    }
