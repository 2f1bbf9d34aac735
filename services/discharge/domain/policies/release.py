"""Whether the criteria for leaving are met: every one that isn't, worst first. Source: docs/clinical/release.md.

The policy never lets anybody go. A named clinician does; this says what stands against it.
"""

from collections.abc import Callable
from datetime import datetime

from services.discharge.domain.policies import release_criteria as criteria
from services.discharge.domain.policies.release_rules import ReleaseRules
from services.discharge.domain.recovery import Recovery
from shared.kernel.decision import Decision, Reason

_Criterion = Callable[[Recovery, ReleaseRules, datetime], Reason | None]

# the order is part of the interface (API.md): worst first
_CRITERIA: tuple[_Criterion, ...] = (
    criteria.emergency_unacknowledged,
    criteria.pressure_hold,
    criteria.oxygen_low,
    criteria.sedation,
    criteria.dissociation,
    criteria.orientation,
    criteria.gait,
    criteria.pressure_not_settled,
    criteria.vomiting,
    criteria.nausea,
    criteria.fluids,
    criteria.aldrete,
    criteria.padss,
    criteria.suicide_risk_check,
    criteria.observation_overdue,
    criteria.observation_missing,
    criteria.monitoring_time,
    criteria.transport_missing,
    criteria.transport_not_present,
    criteria.instructions,
)


def decide_release(recovery: Recovery, rules: ReleaseRules, *, now: datetime) -> Decision:
    """Decide which criteria for leaving are unmet at `now`, from everything charted.

    Limits are inclusive unless a rule says otherwise: exactly `rules.min_monitoring` is enough. What isn't charted, or
    is older than `rules.freshness`, is unmet. For an instant in the past give `recovery.as_of(instant)`.
    """
    found = (criterion(recovery, rules, now) for criterion in _CRITERIA)
    return Decision(tuple(reason for reason in found if reason is not None))


def decide_release_at(recovery: Recovery, rules: ReleaseRules, *, left_at: datetime, now: datetime) -> Decision:
    """Decide whether the criteria were met at `left_at` and still are `now`; one reason a code, in the same order.

    Of two reasons with one code the present one is given.
    """
    present = decide_release(recovery, rules, now=now)
    if left_at >= now:
        return present
    then = decide_release(recovery.as_of(left_at), rules, now=left_at)
    by_code = {reason.code: _as_it_was(reason) for reason in then.reasons}
    by_code.update({reason.code: reason for reason in present.reasons})
    return Decision(tuple(by_code[code] for code in criteria.ORDER if code in by_code))


def _as_it_was(reason: Reason) -> Reason:
    return Reason(reason.code, f"At the given time of leaving: {reason.message}", reason.remaining)
