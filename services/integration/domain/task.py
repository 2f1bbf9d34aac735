"""What integration asks a person at the site to do."""

from enum import StrEnum


class TaskKind(StrEnum):
    NO_KAP_IN_WINDOW = "no-kap-in-window"
    CONTACT_REQUESTED = "contact-requested"


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"
