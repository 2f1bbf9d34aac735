"""Who leaves when, for the front desk: never why somebody stays longer. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.discharge.domain.policies.suicide_risk import open_concern
from services.discharge.domain.states import TransportKind
from services.discharge.pages.reason_words import Chip
from services.discharge.use_cases.show_board import Stay
from shared.web.pages.words import clock

SOON = timedelta(minutes=30)
# what a nurse settles in minutes, once there is nothing else
_SIGNED_OFF = frozenset({"instructions", "suicide-risk-check", "observation-missing", "observation-overdue"})
_OF_THE_WAY_HOME = frozenset({"transport-missing", "transport-not-present"})


@dataclass(frozen=True, slots=True)
class Leaving:
    """`when` is a time, "Now" or "Staying longer"; `named` who was named in recovery, empty while only intake knows;
    `may_mark` whether the desk may still say that the escort is here."""

    session_id: UUID
    patient_id: UUID
    chair: str
    started_at: datetime
    earliest_at: datetime
    stays_longer: bool
    when: str
    escort: Chip
    kind: TransportKind | None
    named: str
    phone: str
    next_step: str
    may_mark: bool

    @property
    def id(self) -> str:
        return f"leaving-{self.session_id}"


def leaving(stay: Stay, *, zone: ZoneInfo, now: datetime) -> Leaving:
    row = stay.row
    over = stay.monitored_from + stay.rules.min_monitoring
    over_now = over <= now
    others = {reason.code for reason in stay.decision.reasons} - _OF_THE_WAY_HOME
    concern = open_concern(stay.chart.suicide_risk_checks)
    stays_longer = stay.is_escalated or (over_now and (concern or not others <= _SIGNED_OFF))
    return Leaving(
        session_id=row.session_id,
        patient_id=row.patient_id,
        chair=row.chair_name,
        started_at=row.administration_started_at,
        earliest_at=over,
        stays_longer=stays_longer,
        when=_when(over, zone, now, stays_longer=stays_longer),
        escort=_escort(stay),
        kind=row.transport_kind,
        named=row.transport_name or "",
        phone=row.transport_phone or "",
        next_step=_next(stay, stays_longer=stays_longer, waits=over_now and bool(others)),
        may_mark=row.transport_kind is not None and not (row.transport_present and row.transport_identified_by),
    )


def is_soon(one: Leaving, now: datetime) -> bool:
    """Within half an hour, unless something keeps them."""
    return not one.stays_longer and one.earliest_at - now <= SOON


def _when(over: datetime, zone: ZoneInfo, now: datetime, *, stays_longer: bool) -> str:
    if stays_longer:
        return "Staying longer"
    return "Now" if over <= now else f"from {clock(over, zone)}"


def _escort(stay: Stay) -> Chip:
    row = stay.row
    ride = row.transport_kind is TransportKind.CONTRACTED_RIDE
    who = row.transport_name or ("Ride" if ride else "Escort")
    if row.transport_kind is None:
        return Chip("stop", "alert-octagon", "Nobody named")
    if row.transport_present and row.transport_identified_by:
        return Chip("ok", "circle-check", f"{who} is here")
    if row.transport_present:
        return Chip("warn", "alert-triangle", f"{who} is here, not identified")
    return Chip("wait", "car" if ride else "walk", f"{who} not here yet")


def _next(stay: Stay, *, stays_longer: bool, waits: bool) -> str:
    if stay.is_ready:
        return "Nurse next: release"
    if stays_longer:
        return "Ask whoever fetches them to come later"
    if waits:
        return "Nurse next: sign off"
    if stay.row.transport_kind is None:
        return "Nurse next: name who takes them home"
    return ""
