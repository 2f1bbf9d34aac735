"""What the plan is derived from: sessions, scores, holds and overrides, each with its place in the order of learning.

`order` counts the patient's facts from 1 as this service learned of them. A corrected fact keeps its place. It settles
what came first when two facts carry the same instant.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class SessionKind(StrEnum):
    INDUCTION = "induction"
    BOOSTER = "booster"


class Schedule(StrEnum):
    """Who sets the intervals of a course."""

    LADDER = "ladder"
    OWN_LABEL = "own-label"


class Indication(StrEnum):
    """Whether the course has one; never which."""

    RECORDED = "recorded"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its latest revision tells it. `day` is its date at its site; `number` counts its kind from 1.

    `stands` is False once it was entered in error. `booster_cycle` is the cycle it was booked for, if any.
    """

    session_id: UUID
    kind: SessionKind
    number: int
    stands: bool
    booster_cycle: int | None
    started_at: datetime
    ended_at: datetime
    day: date
    order: int


@dataclass(frozen=True, slots=True)
class Score:
    """One PHQ-9: its total, its item 9, when it was taken and when it was entered."""

    assessment_id: UUID
    total: int
    item_9: int
    taken_at: datetime
    recorded_at: datetime
    order: int


@dataclass(frozen=True, slots=True)
class Hold:
    """A score whose item 9 put the plan on hold, until a person resolves it; `resolved_order` None: not yet."""

    assessment_id: UUID
    resolved_at: datetime | None = None
    resolved_order: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A prescriber's interval in place of the ladder's, up to and including `expires_on` (the site's day).

    Only overrides that apply are facts: one that waits for its confirmation isn't.
    """

    override_id: UUID
    interval_days: int
    expires_on: date
    order: int


@dataclass(frozen=True, slots=True)
class Course:
    """The course that the plan follows, with everything known of it and of its patient, each tuple in any order.

    `planned_sessions` is None while no session has told of a course.
    """

    schedule: Schedule
    indication: Indication
    planned_sessions: int | None
    sessions: tuple[Session, ...]
    scores: tuple[Score, ...]
    holds: tuple[Hold, ...] = ()
    overrides: tuple[Override, ...] = ()
