"""What happened in one recovery, as entries of the patient's timeline. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from services.discharge.domain.policies.driving_restriction import SleepAttestation
from services.discharge.domain.recovery import Recovery
from services.discharge.domain.states import RecoveryState, SuicideRiskOutcome
from services.discharge.pages.sheet import SIGN_WORDS
from services.discharge.store.tables import ChartChangeRow, RecoveryRow
from shared.web.pages.timeline import Happened
from shared.web.pages.words import clock, count, day


def entries_of(
    row: RecoveryRow,
    chart: Recovery,
    *,
    attestations: Iterable[SleepAttestation],
    changes: Iterable[ChartChangeRow],
) -> Iterator[Happened]:
    for emergency in chart.emergencies:
        signs = ", ".join(SIGN_WORDS[sign] for sign in emergency.signs)
        yield Happened(emergency.observed_at, "alert-octagon", f"Emergency: {signs}.", "A clinician was paged.")
        if emergency.acknowledged_at is not None:
            yield Happened(emergency.acknowledged_at, "stethoscope", "A clinician has seen the emergency.")
    for check in chart.suicide_risk_checks:
        found = "concern" if check.outcome is SuicideRiskOutcome.CONCERN else "no concern"
        by = "By a prescriber." if check.by_prescriber else ""
        yield Happened(check.performed_at, "user-check", f"Suicide-risk check: {found}.", by)
    for change in changes:
        if change.what == "transport":
            yield Happened(change.changed_at, "walk", "Way home changed.", _old_and_new(change))
    if row.left_at is not None:
        yield _left(row, chart)
    for word in attestations:
        told = f"Slept {word.slept_hours:g} h, {'rested' if word.rested else 'not rested'}, "
        told += "no symptoms." if word.symptom_free else "symptoms left."
        early = word.attested_at < row.restriction_earliest_end_at
        note = "Before the earliest end: kept, not counted." if early else ""
        yield Happened(word.attested_at, "moon", f"Word on sleep: {told}", note)


def _left(row: RecoveryRow, chart: Recovery) -> Happened:
    zone, until = ZoneInfo(row.time_zone), row.restriction_earliest_end_at
    against = row.left_as is RecoveryState.LEFT_AGAINST_ADVICE
    whom = f" with {row.transport_name}" if row.transport_name and row.transport_present else ""
    said = f"Left against advice{whom}." if against else f"Released{whom}."
    more = [f"No driving until at least {day(until, zone)}, {clock(until, zone)}.", _last(row)]
    more.append(f"{count(len(chart.observations), 'observation')}.")
    return Happened(row.left_at or until, "door-exit", said, " ".join(each for each in more if each))


def _last(row: RecoveryRow) -> str:
    known = []
    if row.systolic_mmhg is not None:
        known.append(f"{row.systolic_mmhg}/{row.diastolic_mmhg}")
    if row.spo2_percent is not None:
        known.append(f"SpO₂ {row.spo2_percent} %")
    if row.moaas is not None:
        known.append(f"MOAA/S {row.moaas}")
    return f"Last {', '.join(known)}." if known else ""


def _old_and_new(change: ChartChangeRow) -> str:
    before, after = _way_home(change.before), _way_home(change.after)
    return f"Was {before}; now {after}."


def _way_home(fields: dict[str, Any]) -> str:
    if not fields.get("kind"):
        return "nobody"
    who = fields.get("name") or ("contracted ride" if fields["kind"] == "contracted-ride" else "an escort")
    return f"{who}, {'here' if fields.get('present') else 'not here'}"
