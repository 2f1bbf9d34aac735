"""A recovery as its readers see it. One view serves the board and the single read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from services.discharge.domain.policies.monitoring import is_overdue, monitored_for, monitoring_started_at
from services.discharge.domain.recovery import Administration
from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import LIVE
from services.discharge.store.tables import EmergencyRow, RecoveryRow
from shared.kernel.people import Actor, Role

# operations look at how the house runs, never at who goes home with whom or what a check found
_CLINICAL = frozenset({Role.NURSE, Role.PRESCRIBER, Role.MEDICAL_DIRECTOR})


def sees_the_chart(actor: Actor) -> bool:
    """Whether `actor` reads the clinical fields of a recovery, or only the operational ones."""
    return not actor.roles.isdisjoint(_CLINICAL)


def recovery_view(row: RecoveryRow | Row[Any], *, book: RuleBook, now: datetime, with_chart: bool) -> dict[str, Any]:
    """`with_chart` False leaves out transport's person, the suicide-risk check and vitals: null, as if unknown."""
    rules = book.release(row.site_id, row.product)
    ended = row.administration_ended_at
    monitored_from = monitoring_started_at(row.product, Administration(row.administration_started_at, ended), rules)
    until = row.left_at or now
    due = row.next_observation_due_at
    return {
        "session_id": row.session_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "course_id": row.course_id,
        "kind": row.kind,
        "product": row.product,
        "chair_name": row.chair_name,
        "state": row.state,
        "administration_started_at": row.administration_started_at,
        "administration_ended_at": ended,
        "monitoring_started_at": monitored_from,
        "minutes_since_dose": int(monitored_for(ended, now).total_seconds() // 60),
        "monitored_minutes": int(monitored_for(monitored_from, until).total_seconds() // 60),
        "next_observation_due_at": due,
        "next_observation_overdue": due is not None and row.state in LIVE and is_overdue(due, rules, now=now),
        "baseline": _baseline(row) if with_chart else _NO_BASELINE,
        "vitals": _vitals(row) if with_chart else _NO_VITALS,
        "open_emergencies": row.open_emergencies,
        "transport": {
            "kind": row.transport_kind,
            "name": row.transport_name if with_chart else None,
            "phone": row.transport_phone if with_chart else None,
            "present": row.transport_present,
            "identified_by": row.transport_identified_by if with_chart else None,
        },
        "instructions": {
            "patient_acknowledged": row.patient_acknowledged,
            "escort_acknowledged": row.escort_acknowledged,
        },
        "suicide_risk_check": {
            "outcome": row.suicide_risk_outcome if with_chart else None,
            "performed_at": row.suicide_risk_performed_at if with_chart else None,
        },
        "left_at": row.left_at,
        "left_by": row.left_by,
        "restriction_earliest_end_at": row.restriction_earliest_end_at,
        "time_zone": row.time_zone,
        "session_revision": row.session_revision,
        "policy_version": rules.version,
        "updated_at": row.updated_at,
        "version": row.version,
    }


def emergency_view(row: EmergencyRow) -> dict[str, Any]:
    """Without the clinician's note, which stays in the chart."""
    return {
        "emergency_id": row.emergency_id,
        "observation_id": row.observation_id,
        "observed_at": row.observed_at,
        "signs": row.signs,
        "acknowledged_at": row.acknowledged_at,
        "acknowledged_by": row.acknowledged_by,
    }


def _baseline(row: RecoveryRow | Row[Any]) -> dict[str, Any]:
    return {
        "systolic_mmhg": row.baseline_systolic_mmhg,
        "diastolic_mmhg": row.baseline_diastolic_mmhg,
        "heart_rate_bpm": row.baseline_heart_rate_bpm,
        "spo2_percent": row.baseline_spo2_percent,
    }


_VITALS = (
    "observed_at",
    "pressure_at",
    "systolic_mmhg",
    "diastolic_mmhg",
    "previous_pressure_at",
    "previous_systolic_mmhg",
    "previous_diastolic_mmhg",
    "heart_rate_bpm",
    "spo2_percent",
    "moaas",
)
_NO_VITALS: dict[str, Any] = dict.fromkeys(_VITALS)
_NO_BASELINE: dict[str, Any] = dict.fromkeys(("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent"))


def _vitals(row: RecoveryRow | Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _VITALS}
