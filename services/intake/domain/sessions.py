"""A session's states, who may follow whom, and the values charted along the way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.kernel.errors import WrongState


class SessionState(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    STARTED = "started"
    RECOVERING = "recovering"
    LEFT = "left"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"


class SessionKind(StrEnum):
    INDUCTION = "induction"
    BOOSTER = "booster"


class ChartStatus(StrEnum):
    """Whether the charted dose stands. A session has none until its dose is charted."""

    FINAL = "final"
    ENTERED_IN_ERROR = "entered-in-error"


class Act(StrEnum):
    CHECK_IN = "check-in"
    START = "start"
    COMPLETE = "complete"
    CORRECT = "correct"
    CANCEL = "cancel"
    MARK_NO_SHOW = "no-show"
    SET_TRANSPORT = "transport"
    UNDO = "undo"


# these keep a chair and a patient's hours taken; left, cancelled and no-show give them back
HOLDING_STATES = (SessionState.BOOKED, SessionState.ARRIVED, SessionState.STARTED, SessionState.RECOVERING)
BEFORE_DOSE = (SessionState.BOOKED, SessionState.ARRIVED, SessionState.STARTED)
IN_A_CHAIR = (SessionState.STARTED, SessionState.RECOVERING)
DOSED_STATES = (SessionState.RECOVERING, SessionState.LEFT)

_ALLOWED: dict[Act, tuple[SessionState, ...]] = {
    Act.CHECK_IN: (SessionState.BOOKED,),
    Act.START: (SessionState.ARRIVED,),
    Act.COMPLETE: (SessionState.STARTED,),
    Act.CORRECT: DOSED_STATES,
    # a started session has no dose yet: a baseline may speak against giving one
    Act.CANCEL: BEFORE_DOSE,
    Act.MARK_NO_SHOW: (SessionState.BOOKED,),
    # once dosed, discharge's transport counts
    Act.SET_TRANSPORT: BEFORE_DOSE,
    Act.UNDO: (SessionState.ARRIVED, SessionState.CANCELLED, SessionState.NO_SHOW),
}


def require_turn(state: SessionState, act: Act) -> None:
    """Raises WrongState, saying the state and the states that `act` needs, when it comes out of turn."""
    allowed = _ALLOWED[act]
    if state not in allowed:
        needed = " or ".join(allowed)
        raise WrongState(f"The session is {state}; {act} needs one that is {needed}.")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Vital signs before the dose. Pressures in mmHg, heart rate in beats a minute, SpO2 in percent."""

    systolic_mmhg: int
    diastolic_mmhg: int
    heart_rate_bpm: int
    spo2_percent: int
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class Administration:
    """The dose as charted. It may start and end at one instant; the zone is where the patient sleeps tonight."""

    dose_mg: float
    lot: str
    started_at: datetime
    ended_at: datetime
    overnight_time_zone: str
