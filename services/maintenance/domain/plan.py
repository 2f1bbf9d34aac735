"""A patient's maintenance plan: its states and what is true of it on a day."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.facts import Override, Session
from services.maintenance.domain.policies.ladder import Step


class PlanState(StrEnum):
    """`review`: a prescriber decides, or has been asked to look within days while the interval stands."""

    INDUCTION = "induction"
    ACTIVE = "active"
    HOLD = "hold"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a run of the ladder asks a person to look at. `cause` is the score or session behind it."""

    kind: EscalationKind
    cause: UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the ladder has come to, whatever the day: `days` None while there is no interval.

    `cycle` counts intervals from 1; 0 until the last planned session. `step` is the run that stands, with its
    explanation; `review` is the alert it raised, if any. `alerts` are those of all runs.
    `awaits_score_since` is the last session's end while no interval can be set for want of a fresh score.
    """

    sessions_done: int
    last_session: Session | None
    cycle: int
    days: int | None
    step: Step | None
    explanation: str
    held: bool
    review: Alert | None
    alerts: tuple[Alert, ...]
    awaits_score_since: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is true on a day. `override` is the one in force, if any; `rule` is the ladder's number, if it has one."""

    state: PlanState
    cycle: int
    interval_days: int | None
    due_on: date | None
    rule: int | None
    explanation: str
    override: Override | None
