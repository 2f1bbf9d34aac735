"""What integration asks a person at the site to do."""

from enum import StrEnum


class TaskKind(StrEnum):
    NO_KAP_IN_WINDOW = "no-kap-in-window"
    CONTACT_REQUESTED = "contact-requested"


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"


class TaskOutcome(StrEnum):
    """How a task ended. Not having reached somebody ends none."""

    SPOKE_WITH_PATIENT = "spoke-with-patient"
    PASSED_ON = "passed-on"
    TIME_OFFERED = "time-offered"
    BOOKED = "booked"
    DECLINED = "declined"


# what each kind can end with, the usual first
OUTCOMES = {
    TaskKind.CONTACT_REQUESTED: (TaskOutcome.SPOKE_WITH_PATIENT, TaskOutcome.PASSED_ON),
    TaskKind.NO_KAP_IN_WINDOW: (TaskOutcome.TIME_OFFERED, TaskOutcome.BOOKED, TaskOutcome.DECLINED),
}
