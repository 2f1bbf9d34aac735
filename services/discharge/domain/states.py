"""States and codes of discharge, spelt as they travel."""

from enum import StrEnum


class RecoveryState(StrEnum):
    """`entered-in-error` closes a recovery whose session never was; no desk sees it among the living."""

    RECOVERING = "recovering"
    HELD = "held"
    EMERGENCY = "emergency"
    RELEASED = "released"
    LEFT_AGAINST_ADVICE = "left-against-advice"
    ENTERED_IN_ERROR = "entered-in-error"


LIVE = frozenset({RecoveryState.RECOVERING, RecoveryState.HELD, RecoveryState.EMERGENCY})
LEFT = frozenset({RecoveryState.RELEASED, RecoveryState.LEFT_AGAINST_ADVICE})


class SessionKind(StrEnum):
    INDUCTION = "induction"
    BOOSTER = "booster"


class Product(StrEnum):
    KETAMINE_IV = "ketamine-iv"
    KETAMINE_IM = "ketamine-im"
    KETAMINE_ORAL = "ketamine-oral"
    ESKETAMINE_NASAL = "esketamine-nasal"


class TransportKind(StrEnum):
    ESCORT = "escort"
    CONTRACTED_RIDE = "contracted-ride"


class SymptomCode(StrEnum):
    DIZZINESS = "dizziness"
    DISORIENTATION = "disorientation"
    NAUSEA = "nausea"
    HEADACHE = "headache"
    CHEST_PAIN = "chest-pain"
    NEUROLOGICAL = "neurological"


class EmergencySign(StrEnum):
    PRESSURE = "pressure"
    OXYGEN = "oxygen"
    CHEST_PAIN = "chest-pain"
    HEADACHE = "headache"
    NEUROLOGICAL = "neurological"


class SuicideRiskOutcome(StrEnum):
    NO_CONCERN = "no-concern"
    CONCERN = "concern"


class RestrictionState(StrEnum):
    PROVISIONAL = "provisional"
    IN_FORCE = "in-force"
    UNCONFIRMED = "unconfirmed"
    ENDED = "ended"


class TaskKind(StrEnum):
    """Something a person of the site must look at."""

    EMERGENCY = "emergency"
    LEFT_AGAINST_ADVICE = "left-against-advice"
    RELEASE_IN_QUESTION = "release-in-question"
    LASTING_SYMPTOMS = "lasting-symptoms"
    SLEEP_UNCONFIRMED = "sleep-unconfirmed"


class TaskOutcome(StrEnum):
    """How a task ended. Not having reached somebody ends none."""

    SPOKE_WITH_PATIENT = "spoke-with-patient"
    SAW_PATIENT = "saw-patient"
    PASSED_ON = "passed-on"
    SETTLED_ALREADY = "settled-already"


class NoticeKind(StrEnum):
    """A word that goes out: a page to a clinician, or a reminder to the patient."""

    PAGE_CLINICIAN = "page-clinician"
    SLEEP_REMINDER = "sleep-reminder"
