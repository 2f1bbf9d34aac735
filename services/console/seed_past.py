"""A past session, charted with the times it had."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.console.care import HEARD, Care, Visit, book, no_concern, well
from services.console.seed_cast import Journal, Story

DOSES_MG = {"ketamine-iv": 40.0, "ketamine-im": 50.0, "ketamine-oral": 200.0, "esketamine-nasal": 56.0}

LONGEST_STAY = timedelta(minutes=195)
"""From the booked start of a past session to its patient's leaving, at most."""

_RELATIONS = ("sister", "brother", "cousin")
_GIVEN = ("Alex", "Kim", "Robin", "Sam", "Toni")


@dataclass
class Known:
    """What the seed knows of a patient once they are registered."""

    patient_id: str = ""
    course_id: str = ""


@dataclass
class Past:
    """A session whose patient leaves at about `closes_at`. All sessions of one day end their dose at one instant, so
    that what falls due afterwards falls due together and the clock has fewer stops."""

    care: Care
    key: str
    story: Story
    known: Known
    kind: str
    chair: str
    closes_at: datetime
    days: int
    _visit: Visit | None = field(default=None, init=False)

    @property
    def ended_at(self) -> datetime:
        return self.closes_at - timedelta(minutes=150)

    def give(self) -> None:
        """Book, bring, start and dose."""
        chance = Random(self.key)  # noqa: S311 - plausible readings, the same ones every time
        starts_at = self.closes_at - LONGEST_STAY
        booked = book(
            self.care,
            self.key,
            self.known.patient_id,
            self.known.course_id,
            chair=self.chair,
            at=starts_at,
            minutes=195,
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
                "measured_at": (starts_at + timedelta(minutes=10)).isoformat(),
            }
        )
        took = timedelta(minutes=10 if self.story.product == "esketamine-nasal" else 2)
        booked.complete(
            {
                "dose_mg": DOSES_MG[self.story.product],
                "lot": f"DEMO-{chance.randint(100, 999)}",
                "administration_started_at": (self.ended_at - took).isoformat(),
                "administration_ended_at": self.ended_at.isoformat(),
            }
        )

    def go_home(self) -> None:
        """Watch, settle and release."""
        chance = Random(f"{self.key}:home")  # noqa: S311
        visit = self._booked()
        for before in (22, 8):
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
        visit.release(self.closes_at - timedelta(minutes=chance.randint(0, 5)))

    def wake(self) -> None:
        """The patient's word on the night."""
        self._booked().attest(Random(f"{self.key}:night").choice((6.5, 7.0, 7.5, 8.0)))  # noqa: S311

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
