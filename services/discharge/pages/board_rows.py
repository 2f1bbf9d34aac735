"""A line of the recovery board as the nurse reads it: what keeps a patient here, what is due, what to do next. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from services.discharge.domain.states import LEFT, Product, RecoveryState, TransportKind
from services.discharge.pages.reason_words import Chip, chips
from services.discharge.use_cases.show_board import Stay
from shared.kernel.people import Role
from shared.web.pages.words import clock, moment, span

CHARTS = frozenset({Role.NURSE})
DOCTORS = frozenset({Role.PRESCRIBER, Role.MEDICAL_DIRECTOR})
CLINICAL = CHARTS | DOCTORS
PRODUCT_WORDS = {
    Product.KETAMINE_IV: "Ketamine IV",
    Product.KETAMINE_IM: "Ketamine IM",
    Product.KETAMINE_ORAL: "Ketamine oral",
    Product.ESKETAMINE_NASAL: "Esketamine nasal",
}

_MINUTE = timedelta(minutes=1)


class Group(StrEnum):
    ESCALATED = "escalated"
    READY = "ready"
    RECOVERING = "recovering"
    LEFT = "left"


class Show(StrEnum):
    """What the counts on top filter by."""

    ALL = "all"
    ESCALATED = "escalated"
    READY = "ready"
    DUE = "due"
    BLOCKED = "blocked"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Words:
    """Two lines of one cell; `tone` colours the first and brings an icon with it."""

    first: str = ""
    second: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """All that a row shows its reader, and nothing else: where two are equal, so is what is drawn of them.

    `patient_id` and `escort_kind` are None for who may not know; `escort_named` is who was named in recovery. `edge`
    repeats the worst state; `share` of the `minutes` that must pass is 0 to 100; `folds`: nothing to do now.
    """

    session_id: UUID
    patient_id: UUID | None
    chair: str
    session: str
    edge: str
    folds: bool
    has_left: bool
    chips: tuple[Chip, ...]
    since: str
    minutes: int
    share: int
    product: str
    due: Words
    pressure: Words
    spo2: str
    moaas: str
    escort: Words
    escort_kind: TransportKind | None
    escort_named: str
    step: Step | None

    @property
    def id(self) -> str:
        return f"row-{self.session_id}"


@dataclass(frozen=True, slots=True)
class BoardRow:
    stay: Stay
    group: Group
    is_due: bool
    face: Face

    @property
    def session_id(self) -> UUID:
        return self.face.session_id

    @property
    def id(self) -> str:
        return self.face.id


def board_row(stay: Stay, *, roles: Collection[Role], zone: ZoneInfo, now: datetime) -> BoardRow:
    row, clinical = stay.row, not CLINICAL.isdisjoint(roles)
    group = group_of(stay)
    is_due = stay.is_here and row.next_observation_due_at is not None and row.next_observation_due_at <= now
    edge = _edge(group, is_due=is_due)
    face = Face(
        session_id=row.session_id,
        patient_id=row.patient_id if clinical else None,
        chair=row.chair_name,
        session=clock(row.administration_started_at, zone),
        edge=edge,
        folds=group is Group.RECOVERING and not edge,
        has_left=row.left_at is not None,
        chips=_chips(stay, group, zone, now) if clinical else _plain_chips(stay, is_due=is_due),
        since=elapsed(stay.monitored),
        minutes=stay.rules.min_monitoring // _MINUTE,
        share=min(100, int(100 * stay.monitored / stay.rules.min_monitoring)),
        product=f"{PRODUCT_WORDS[row.product]}, {clock(stay.monitored_from, zone)}",
        due=_due(stay, zone, now),
        pressure=_pressure(stay) if clinical else Words(),
        spo2=f"{row.spo2_percent} %" if clinical and row.spo2_percent is not None else "",
        moaas=f"{row.moaas} of 5" if clinical and row.moaas is not None else "",
        escort=_escort(stay, named=clinical),
        escort_kind=row.transport_kind if clinical else None,
        escort_named=(row.transport_name if clinical else None) or "",
        step=_step(stay, group, roles, is_due=is_due),
    )
    return BoardRow(stay, group, is_due, face)


def group_of(stay: Stay) -> Group:
    if stay.row.open_emergencies or stay.is_escalated:
        return Group.ESCALATED
    if stay.row.state in LEFT:
        return Group.LEFT
    return Group.READY if stay.is_ready else Group.RECOVERING


def in_order(rows: Collection[BoardRow]) -> list[BoardRow]:
    """Emergencies stay first until a clinician acknowledges them; else whoever is here longest."""
    return sorted(rows, key=lambda row: row.stay.row.open_emergencies == 0)


def shown(row: BoardRow, show: Show) -> bool:
    match show:
        case Show.ALL:
            return row.group is not Group.LEFT
        case Show.DUE:
            return row.is_due
        case Show.BLOCKED:
            return row.stay.is_blocked
        case _:
            return str(row.group) == show


def elapsed(length: timedelta) -> str:
    """Whole minutes, rounded down: time that has passed is never said to be more than it is."""
    return span(length // _MINUTE * _MINUTE)


def median_stay(stays: Collection[timedelta]) -> str:
    """ "124 min"; a dash before anybody has left."""
    return f"{int(median(stay.total_seconds() for stay in stays) // 60)} min" if stays else "–"


def _edge(group: Group, *, is_due: bool) -> str:
    if group is Group.ESCALATED:
        return "stop"
    if group is Group.READY:
        return "ok"
    return "warn" if is_due and group is Group.RECOVERING else ""


def _chips(stay: Stay, group: Group, zone: ZoneInfo, now: datetime) -> tuple[Chip, ...]:
    if stay.row.left_at is not None:
        left = clock(stay.row.left_at, zone)
        if stay.row.state is RecoveryState.LEFT_AGAINST_ADVICE:
            gone = Chip("warn", "door-exit", f"Left against advice {left}")
            return (Chip("stop", "alert-octagon", "Emergency"), gone) if stay.row.open_emergencies else (gone,)
        return (Chip("ok", "circle-check", f"Released {left}"),)
    if group is Group.READY:
        return (Chip("ok", "circle-check", "All criteria met"),)
    return chips(stay, now)


def _plain_chips(stay: Stay, *, is_due: bool) -> tuple[Chip, ...]:
    """For operations: how the house runs, nothing of what was found."""
    found = []
    if stay.row.open_emergencies:
        found.append(Chip("stop", "alert-octagon", "Emergency"))
    elif stay.row.state is RecoveryState.HELD:
        found.append(Chip("stop", "alert-octagon", "On hold"))
    if is_due:
        found.append(Chip("warn", "stethoscope", "Observation due"))
    unmet = len(stay.decision.reasons)
    if stay.row.left_at is not None:
        found.append(Chip("ok", "door-exit", "Left"))
    elif unmet:
        found.append(Chip("wait", "hourglass", f"{unmet} unmet"))
    else:
        found.append(Chip("ok", "circle-check", "All criteria met"))
    return tuple(found)


def _due(stay: Stay, zone: ZoneInfo, now: datetime) -> Words:
    due = stay.row.next_observation_due_at
    if due is None or not stay.is_here:
        return Words()
    offset = due - stay.monitored_from
    scheduled = offset in stay.rules.observations_due
    name = f"{int(offset.total_seconds() // 60)} min" if scheduled else "Before leaving"
    if due <= now:
        late = now - due > stay.rules.observation_grace
        word = "overdue since" if late and scheduled else "due"
        return Words(name, f"{word} {clock(due, zone)}", "warn")
    if not scheduled and stay.row.observed_at is not None:
        return Words(f"Done {clock(stay.row.observed_at, zone)}", f"good until {clock(due, zone)}")
    return Words(f"in {span(due - now)}", f"{name}, {clock(due, zone)}")


def _pressure(stay: Stay) -> Words:
    row = stay.row
    base = f"base {row.baseline_systolic_mmhg}/{row.baseline_diastolic_mmhg}"
    if row.systolic_mmhg is None or row.diastolic_mmhg is None:
        return Words("none yet", base)
    limit = stay.rules.hold_above
    high = row.systolic_mmhg > limit.systolic_mmhg or row.diastolic_mmhg > limit.diastolic_mmhg
    return Words(f"{row.systolic_mmhg}/{row.diastolic_mmhg}", base, "stop" if high else "")


def _escort(stay: Stay, *, named: bool) -> Words:
    row = stay.row
    if row.transport_kind is None:
        return Words("Nobody named", "", "stop")
    kind = "Contracted ride" if row.transport_kind is TransportKind.CONTRACTED_RIDE else "Escort"
    name = (row.transport_name if named else None) or kind
    if not row.transport_present:
        return Words(name, "not here yet")
    return Words(name, "here" if row.transport_identified_by else "here, not identified")


def _step(stay: Stay, group: Group, roles: Collection[Role], *, is_due: bool) -> Step | None:
    if CLINICAL.isdisjoint(roles):
        return None
    if stay.row.open_emergencies and not DOCTORS.isdisjoint(roles):
        return Step("Acknowledge", "primary")
    if group is Group.READY:
        return Step("Release", "go")
    if group is Group.LEFT or not stay.is_here:
        return None
    if CHARTS.isdisjoint(roles):
        return Step("Open")
    return Step("Chart", "primary" if is_due else "")


def restriction_words(until: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "07:00 tomorrow", or with the day."""
    days = (until.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days == 1:
        return f"{clock(until, zone)} tomorrow"
    return clock(until, zone) if days == 0 else moment(until, zone, now)
