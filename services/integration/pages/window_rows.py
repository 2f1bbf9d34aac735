"""A window as a row of the board: where it stands, what is missing, what to do next. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from services.integration.domain.kap import KapState
from services.integration.domain.prompts import PromptState
from services.integration.domain.task import TaskKind, TaskOutcome
from services.integration.domain.window import WindowPosition, WindowState
from services.integration.store.tables import KapAppointmentRow, TaskRow, WindowRow
from services.integration.store.windows import Around, span
from shared.kernel.people import Role
from shared.web.pages.words import moment
from shared.web.pages.words import span as length

# who may know whose window it is, and what was booked and asked for
CARE = frozenset({Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.MEDICAL_DIRECTOR})
# the same, and at what time they talk: an appointment itself is not a nurse's to read
TALKS = CARE - {Role.NURSE}

# how long a closed window stays on the board by itself
CLOSED_FOR = timedelta(days=3)


class Group(StrEnum):
    CONTACT = "contact"
    TONIGHT = "tonight"
    OPENING = "opening"
    OPEN = "open"
    UPCOMING = "upcoming"
    CLOSED = "closed"


HEADS = {
    Group.CONTACT: ("Wants contact", "asked for it in a journal"),
    Group.TONIGHT: ("Closing tonight with nothing yet", ""),
    Group.OPENING: ("Opening today", ""),
    Group.OPEN: ("Open", ""),
    Group.UPCOMING: ("Opening later", ""),
    Group.CLOSED: ("Closed", ""),
}


class Show(StrEnum):
    """What the counts on top filter by."""

    ALL = "all"
    CONTACT = "contact"
    TONIGHT = "tonight"
    OPENING = "opening"
    OPEN = "open"
    NO_TALK = "no-talk"
    TO_OFFER = "to-offer"


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a row is made of."""

    row: WindowRow
    around: Around
    talks: Sequence[KapAppointmentRow]
    tasks: Sequence[TaskRow]


@dataclass(frozen=True, slots=True)
class Line:
    """`talk` is empty for a reader who may not know; `asked` is the task that the Done button ends."""

    seen: Seen
    group: Group
    state: WindowState
    edge: str
    until: str
    until_second: str
    prompts: str
    missed: int
    journals: tuple[int, int, int]
    talk: str
    talk_second: str
    talk_missing: bool
    next: str
    asked: UUID | None
    asked_words: str
    asked_outcome: str
    recent: bool

    @property
    def session_id(self) -> UUID:
        return self.seen.row.session_id

    @property
    def id(self) -> str:
        return f"row-{self.session_id}"

    @property
    def folds(self) -> bool:
        return self.group in {Group.UPCOMING, Group.CLOSED}


def line_of(seen: Seen, *, roles: Collection[Role], zone: ZoneInfo, day_ends_at: datetime, now: datetime) -> Line:
    """`day_ends_at` is the site's next midnight; `zone` the site's."""
    row, state = seen.row, span(seen.row).state(now=now)
    cares = not CARE.isdisjoint(roles)
    contact = _open_task(seen.tasks, TaskKind.CONTACT_REQUESTED) if cares else None
    no_talk = _open_task(seen.tasks, TaskKind.NO_KAP_IN_WINDOW) if cares else None
    group = _group(seen, state, contact, day_ends_at)
    missing = cares and not seen.talks and state is not WindowState.CLOSED
    until, second = _until(row, state, zone, now)
    asked = contact or no_talk
    return Line(
        seen=seen,
        group=group,
        state=state,
        edge={Group.CONTACT: "stop", Group.TONIGHT: "warn"}.get(group, "warn" if no_talk else ""),
        until=until,
        until_second=second,
        prompts=_prompts(seen.around),
        missed=sum(prompt.state is PromptState.MISSED for prompt in seen.around.prompts),
        journals=(
            seen.around.journals.get(WindowPosition.EARLY, 0),
            seen.around.journals.get(WindowPosition.IN_WINDOW, 0),
            seen.around.journals.get(WindowPosition.LATE, 0),
        ),
        talk=_talk(seen.talks) if cares else "",
        talk_second=_talk_at(seen.talks, zone, now) if not TALKS.isdisjoint(roles) else "",
        talk_missing=missing,
        next=_next(group, no_talk, roles, missing=missing) if cares else "",
        asked=None if asked is None else asked.task_id,
        asked_words="" if asked is None else "Talked to them" if asked is contact else "Offered a time",
        asked_outcome=TaskOutcome.SPOKE_WITH_PATIENT if contact else TaskOutcome.TIME_OFFERED,
        recent=row.closes_at >= now - CLOSED_FOR,
    )


def shown(line: Line, show: Show) -> bool:
    match show:
        case Show.ALL:
            # what closed long ago and still waits has a count of its own
            return line.group is not Group.CLOSED or line.recent
        case Show.TO_OFFER:
            return line.group is Group.CLOSED and line.asked is not None
        case Show.NO_TALK:
            return line.talk_missing
        case Show.OPEN:
            return line.state is WindowState.OPEN
        case _:
            return str(line.group) == show


def _open_task(tasks: Sequence[TaskRow], kind: TaskKind) -> TaskRow | None:
    return next((task for task in tasks if task.kind is kind), None)


def _group(seen: Seen, state: WindowState, contact: TaskRow | None, day_ends_at: datetime) -> Group:
    if contact is not None:
        return Group.CONTACT
    row = seen.row
    if state is WindowState.CLOSED:
        return Group.CLOSED
    if state is WindowState.UPCOMING:
        return Group.OPENING if row.opens_at < day_ends_at else Group.UPCOMING
    if row.closes_at < day_ends_at and not seen.around.journals.get(WindowPosition.IN_WINDOW):
        return Group.TONIGHT
    return Group.OPENING if row.opens_at >= day_ends_at - timedelta(hours=24) else Group.OPEN


def _until(row: WindowRow, state: WindowState, zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    match state:
        case WindowState.UPCOMING:
            return f"Opens {moment(row.opens_at, zone, now)}", f"in {length(row.opens_at - now)}"
        case WindowState.OPEN:
            return f"Closes {moment(row.closes_at, zone, now)}", f"in {length(row.closes_at - now)}"
    return f"Closed {moment(row.closes_at, zone, now)}", ""


def _prompts(around: Around) -> str:
    sent = sum(prompt.state is PromptState.SENT for prompt in around.prompts)
    return f"{sent} of {len(around.prompts)} sent"


def _talk(talks: Sequence[KapAppointmentRow]) -> str:
    if not talks:
        return "Not booked"
    return {KapState.ATTENDED: "Attended", KapState.MISSED: "Missed"}.get(talks[-1].state, "Booked")


def _talk_at(talks: Sequence[KapAppointmentRow], zone: ZoneInfo, now: datetime) -> str:
    return moment(talks[-1].starts_at, zone, now) if talks else ""


def _next(group: Group, no_talk: TaskRow | None, roles: Collection[Role], *, missing: bool) -> str:
    """The one next step in words, for whoever reads."""
    if group is Group.CONTACT:
        return "Talk to them today, then say so."
    if no_talk is not None:
        return "Closed without psychotherapy: offer a time."
    if group is Group.TONIGHT:
        return "Ask whether they would like to write, draw or just name a feeling."
    if missing:
        return "Book psychotherapy inside the window." if Role.THERAPIST in roles else "Therapist next: book a time."
    return ""


def session_words(row: WindowRow, zone: ZoneInfo, now: datetime) -> str:
    return f"session {moment(row.administration_ended_at, zone, now)}"
