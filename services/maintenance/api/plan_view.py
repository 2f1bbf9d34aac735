"""A plan on the wire."""

from typing import Any

from services.maintenance.api.crisis import crisis_lines
from services.maintenance.domain.plan import PlanState
from services.maintenance.domain.policies.overriding import OverrideState
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import overrides
from services.maintenance.store.tables import OverrideRow
from services.maintenance.use_cases.read_plan import PlanPicture
from shared.store.sealing import Sealer


def plan_view(picture: PlanPicture, rules: MaintenanceRules) -> dict[str, Any]:
    """All but the overrides. `current` is null when the ladder has no fresh score to read."""
    plan, reading = picture.plan, picture.reading
    fresh = reading.current is not None and not reading.stale
    return {
        "patient_id": plan.patient_id,
        "plan_id": None if picture.course is None else picture.course.plan_id,
        "course_id": plan.course_id,
        "site_id": plan.site_id,
        "state": plan.state,
        "baseline": reading.baseline,
        "lowest": reading.lowest,
        "current": reading.current.total if reading.current is not None and fresh else None,
        "interval_days": plan.interval_days,
        "due_on": plan.due_on,
        "rule": plan.rule,
        "explanation": plan.explanation,
        "policy_version": plan.policy_version or None,
        "cycle": plan.cycle,
        "sessions_done": plan.sessions_done,
        "planned_sessions": None if picture.course is None else picture.course.planned_sessions,
        "journals": {
            "early": picture.journals.early,
            "in_window": picture.journals.in_window,
            "late": picture.journals.late,
        },
        "crisis_lines": crisis_lines(rules) if plan.state is PlanState.HOLD else [],
        "history": [
            {
                "at": change.at,
                "state": change.state,
                "cycle": change.cycle,
                "interval_days": change.interval_days,
                "due_on": change.due_on,
                "rule": change.rule,
                "explanation": change.explanation,
                "policy_version": change.policy_version,
            }
            for change in picture.history
        ],
    }


def overrides_view(picture: PlanPicture, sealer: Sealer) -> list[dict[str, Any]]:
    """For staff only: reasons are a prescriber's own words."""
    return [_override(row, state, sealer) for row, state in picture.overrides]


def _override(row: OverrideRow, state: OverrideState, sealer: Sealer) -> dict[str, Any]:
    return {
        "override_id": row.override_id,
        "interval_days": row.interval_days,
        "reason": sealer.open_text(row.reason_sealed, bound_to=overrides.reason_place(row.override_id)),
        "expires_on": row.expires_on,
        "state": state,
        "ordered_by": row.ordered_by,
        "ordered_at": row.ordered_at,
        "confirmed_by": row.confirmed_by,
        "confirmed_at": row.confirmed_at,
    }
