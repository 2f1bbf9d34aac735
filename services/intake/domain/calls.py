"""Calling a patient for a booster: what came of a call, why, and who acts next."""

from collections.abc import Mapping
from enum import StrEnum

from services.intake.domain.boosters import BoosterState
from shared.kernel.people import Role


class CallOutcome(StrEnum):
    BOOKED = "booked"
    NO_ANSWER = "no-answer"
    LEFT_MESSAGE = "left-message"
    CALL_BACK_LATER = "call-back-later"
    NOT_NOW = "not-now"
    WANTS_CLINICIAN = "wants-clinician"
    WRONG_NUMBER = "wrong-number"
    NO_LONGER_PATIENT = "no-longer-patient"


class CallReason(StrEnum):
    """What the patient, or whoever answered, gave as reason. None of them is clinical: the desk isn't told such."""

    AT_WORK = "at-work"
    CARING = "caring-for-somebody"
    AWAY = "away"
    COST = "cost"
    NO_WAY_HOME = "no-way-home"
    NO_TIME = "no-time"
    NO_NEED = "no-need"
    MOVED = "moved-away"
    ELSEWHERE = "treated-elsewhere"
    ENDED = "ended-treatment"
    DIED = "died"
    OTHER = "other"


class SnoozeReason(StrEnum):
    TRAVELLING = "travelling"
    AT_WORK = "at-work"
    ASKED_TO_WAIT = "asked-to-wait"
    INSURANCE = "insurance"
    NO_WAY_HOME = "no-way-home"
    OTHER = "other"


class TaskKind(StrEnum):
    """What a colleague must do before the desk goes on."""

    TALK = "talk-to-patient"
    DECLINED = "booster-declined"
    LEAVING = "confirm-leaving"


class TaskAnswer(StrEnum):
    CALL_AGAIN = "call-again"
    OFF_THE_LIST = "off-the-list"
    # the outcome that raised the task was taken back
    TAKEN_BACK = "taken-back"


class Standing(StrEnum):
    """Where a cycle stands on the list of boosters to call; OFF is on no list."""

    TO_CALL = "to-call"
    CALL_LATER = "call-later"
    WITH_COLLEAGUE = "with-colleague"
    HELD = "held"
    SNOOZED = "snoozed"
    OFF = "off"


# the reasons that an outcome may give; in NEEDS_REASON it has to give one
REASONS: Mapping[CallOutcome, tuple[CallReason, ...]] = {
    CallOutcome.CALL_BACK_LATER: (CallReason.AT_WORK, CallReason.CARING, CallReason.AWAY, CallReason.OTHER),
    CallOutcome.NOT_NOW: (
        CallReason.NO_NEED,
        CallReason.NO_TIME,
        CallReason.COST,
        CallReason.NO_WAY_HOME,
        CallReason.OTHER,
    ),
    CallOutcome.NO_LONGER_PATIENT: (CallReason.MOVED, CallReason.ELSEWHERE, CallReason.ENDED, CallReason.DIED),
}
NEEDS_REASON = (CallOutcome.NOT_NOW, CallOutcome.NO_LONGER_PATIENT)

TASKS: Mapping[CallOutcome, TaskKind] = {
    CallOutcome.WANTS_CLINICIAN: TaskKind.TALK,
    CallOutcome.NOT_NOW: TaskKind.DECLINED,
    CallOutcome.NO_LONGER_PATIENT: TaskKind.LEAVING,
}
_PRESCRIBERS = frozenset({Role.PRESCRIBER, Role.MEDICAL_DIRECTOR})
# whose the task is
TASK_ROLES: Mapping[TaskKind, frozenset[Role]] = {
    TaskKind.TALK: _PRESCRIBERS | {Role.NURSE},
    TaskKind.DECLINED: _PRESCRIBERS,
    TaskKind.LEAVING: frozenset({Role.MEDICAL_DIRECTOR}),
}
TASK_ANSWERS: Mapping[TaskKind, tuple[TaskAnswer, ...]] = {
    TaskKind.TALK: (TaskAnswer.CALL_AGAIN,),
    TaskKind.DECLINED: (TaskAnswer.CALL_AGAIN, TaskAnswer.OFF_THE_LIST),
    TaskKind.LEAVING: (TaskAnswer.OFF_THE_LIST, TaskAnswer.CALL_AGAIN),
}
# maintenance's last word, or a booking, takes a cycle off the list of those to call
OFF_STATES = (BoosterState.BOOKED, BoosterState.WITHDRAWN, BoosterState.FULFILLED)
