"""Appointments of ketamine-assisted psychotherapy: when, how and whether; never what was said."""

from enum import StrEnum


class KapPhase(StrEnum):
    PREPARATION = "preparation"
    DOSING = "dosing"
    INTEGRATION = "integration"


class Modality(StrEnum):
    IN_PERSON = "in-person"
    VIDEO = "video"
    PHONE = "phone"


class KapState(StrEnum):
    """`booked` until attendance is recorded; each of the others is final."""

    BOOKED = "booked"
    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    ATTENDED = "attended"
    MISSED = "missed"

    @property
    def state(self) -> KapState:
        return KapState(self.value)
