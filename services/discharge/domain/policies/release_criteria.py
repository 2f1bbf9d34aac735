"""The criteria for leaving, one function each: the reason that stands against it, or None when it is met.

A value that isn't charted, or not within `freshness`, is reported once by `observation_missing`; the others then keep
still about it. Messages are sentences for the nurse at the chair and hold no name.
"""

from datetime import datetime, timedelta
from typing import Any

from services.discharge.domain.observation import Aldrete, Padss
from services.discharge.domain.policies import pressure as pressure_policy
from services.discharge.domain.policies.monitoring import monitored_for, monitoring_started_at, overdue_since
from services.discharge.domain.policies.release_rules import ReleaseRules
from services.discharge.domain.policies.standing import oxygen_holds
from services.discharge.domain.policies.suicide_risk import open_concern
from services.discharge.domain.recovery import Recovery
from shared.kernel.decision import Reason

ORDER = (
    "emergency-unacknowledged",
    "pressure-hold",
    "oxygen-low",
    "sedation",
    "dissociation",
    "orientation",
    "gait",
    "pressure-not-settled",
    "vomiting",
    "nausea",
    "fluids",
    "aldrete",
    "padss",
    "suicide-risk-check",
    "observation-overdue",
    "observation-missing",
    "monitoring-time",
    "transport-missing",
    "transport-not-present",
    "instructions",
)

_NEEDED = {
    "pressure": "blood pressure",
    "spo2_percent": "SpO₂",
    "moaas": "sedation (MOAA/S)",
    "dissociation_resolved": "dissociation",
    "oriented": "orientation",
    "steady_gait": "gait",
    "vomiting": "vomiting",
    "nausea_0_10": "nausea",
    "fluids_tolerated": "fluids",
    "aldrete": "Aldrete score",
    "padss": "PADSS score",
}
# needed only once they have been used in this recovery
_NEEDED_WHEN_USED = {"cadss": "CADSS", "cadss_6": "CADSS-6"}


def emergency_unacknowledged(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    waiting = sum(1 for emergency in recovery.emergencies if emergency.acknowledged_at is None)
    if not waiting:
        return None
    what = "An emergency has" if waiting == 1 else f"{waiting} emergencies have"
    return Reason(
        "emergency-unacknowledged",
        f"{what} not been acknowledged: a prescriber or medical director must see the patient and say so.",
    )


def pressure_hold(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    """The latest reading, however old: a hold lifts with the next reading, never by waiting."""
    latest = next(recovery.readings(), None)
    if latest is None or not pressure_policy.is_held(latest[1], rules):
        return None
    limit = rules.hold_above
    return Reason(
        "pressure-hold",
        f"The latest blood pressure is above {limit.systolic_mmhg}/{limit.diastolic_mmhg} mmHg. Measure again.",
    )


def oxygen_low(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    latest = recovery.latest("spo2_percent")
    if latest is not None and oxygen_holds(latest[1], rules):
        return Reason("oxygen-low", f"SpO₂ is below {rules.spo2_hold_below_percent} %. Measure again.")
    fresh = _fresh(recovery, "spo2_percent", rules, now)
    needed = min(rules.spo2_release_percent, recovery.baseline.spo2_percent)
    if fresh is None or fresh >= needed:
        return None
    return Reason("oxygen-low", f"SpO₂ is below {needed} %.")


def sedation(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    moaas = _fresh(recovery, "moaas", rules, now)
    if moaas is None or moaas >= rules.moaas:
        return None
    return Reason("sedation", f"The patient is still sedated: MOAA/S must be {rules.moaas}.")


def dissociation(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    """The clinician's word; a CADSS or CADSS-6 only ever adds to it."""
    resolved = _fresh(recovery, "dissociation_resolved", rules, now)
    if resolved is False:
        return Reason("dissociation", "Dissociation has not resolved.")
    for charted, name, at_most in (
        ("cadss", "CADSS", rules.cadss_at_most),
        ("cadss_6", "CADSS-6", rules.cadss_6_at_most),
    ):
        score = _fresh(recovery, charted, rules, now)
        if score is not None and score > at_most:
            return Reason("dissociation", f"Dissociation has not resolved: {name} must be {at_most} or less.")
    return None


def orientation(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    if _fresh(recovery, "oriented", rules, now) is not False:
        return None
    return Reason("orientation", "The patient is not oriented to person, place and time.")


def gait(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    if _fresh(recovery, "steady_gait", rules, now) is not False:
        return None
    return Reason("gait", "The patient does not walk steadily.")


def pressure_not_settled(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    if pressure_policy.is_settled(recovery.readings(), recovery.baseline.pressure, rules):
        return None
    span = _minutes(rules.settled_span)
    return Reason(
        "pressure-not-settled",
        f"Blood pressure has not settled: at least two readings {span} min apart, all up to "
        f"{rules.settled.systolic_mmhg}/{rules.settled.diastolic_mmhg} mmHg, or all up to "
        f"{rules.settled_percent_of_baseline} % of baseline and not rising.",
    )


def vomiting(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    free_at = [o.observed_at + rules.vomiting_free for o in recovery.observations if o.vomiting]
    latest_charted = _fresh(recovery, "vomiting", rules, now)
    if latest_charted is not True and all(at <= now for at in free_at):
        return None
    # time alone settles it only once somebody has charted that the vomiting stopped
    remaining = max(free_at) - now if latest_charted is False else None
    return Reason(
        "vomiting", f"The patient must have been free of vomiting for {_minutes(rules.vomiting_free)} min.", remaining
    )


def nausea(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    charted = _fresh(recovery, "nausea_0_10", rules, now)
    if charted is None or charted <= rules.nausea_at_most:
        return None
    return Reason("nausea", f"Nausea must be {rules.nausea_at_most} of 10 or less.")


def fluids(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    if _fresh(recovery, "fluids_tolerated", rules, now) is not False:
        return None
    return Reason("fluids", "The patient does not keep fluids down yet.")


def aldrete(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    score: Aldrete | None = _fresh(recovery, "aldrete", rules, now)
    if score is None or score.total >= rules.aldrete_at_least:
        return None
    return Reason("aldrete", f"The modified Aldrete score must be at least {rules.aldrete_at_least} of 10.")


def padss(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    score: Padss | None = _fresh(recovery, "padss", rules, now)
    if score is None or (score.total >= rules.padss_at_least and 0 not in score.items):
        return None
    return Reason("padss", f"PADSS must be at least {rules.padss_at_least} of 10, with no item at zero.")


def suicide_risk_check(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    if not recovery.suicide_risk_checks:
        return Reason("suicide-risk-check", "The suicide-risk check has not been done.")
    if open_concern(recovery.suicide_risk_checks):
        return Reason(
            "suicide-risk-check", "The suicide-risk check found a concern: a prescriber must record a later no-concern."
        )
    return None


def observation_overdue(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    monitored_from = monitoring_started_at(recovery.product, recovery.administration, rules)
    last = recovery.observations[-1].observed_at if recovery.observations else None
    since = overdue_since(monitored_from, last, rules, now=now)
    if since is None:
        return None
    return Reason(
        "observation-overdue",
        f"The observation due {_minutes(since - monitored_from)} min into recovery is overdue by "
        f"{_minutes(now - since)} min.",
    )


def observation_missing(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    missing = [name for charted, name in _NEEDED.items() if _fresh(recovery, charted, rules, now) is None]
    missing += [
        name
        for charted, name in _NEEDED_WHEN_USED.items()
        if recovery.latest(charted) is not None and _fresh(recovery, charted, rules, now) is None
    ]
    if not missing:
        return None
    return Reason(
        "observation-missing", f"Not charted in the last {_minutes(rules.freshness)} min: {', '.join(missing)}."
    )


def monitoring_time(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    monitored_from = monitoring_started_at(recovery.product, recovery.administration, rules)
    remaining = rules.min_monitoring - monitored_for(monitored_from, now)
    if remaining <= timedelta():
        return None
    return Reason("monitoring-time", f"{_minutes_up(remaining)} min observation left.", remaining)


def transport_missing(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    if recovery.transport.kind is not None:
        return None
    return Reason("transport-missing", "Nobody takes the patient home: an escort or a contracted ride is needed.")


def transport_not_present(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    transport = recovery.transport
    if transport.kind is None or (transport.present and transport.identified):
        return None
    if not transport.present:
        return Reason("transport-not-present", "The escort or ride is not here yet.")
    return Reason("transport-not-present", "The escort or ride is here and has not been identified.")


def instructions(recovery: Recovery, rules: ReleaseRules, now: datetime) -> Reason | None:
    heard = recovery.instructions
    if heard.patient_acknowledged and heard.escort_acknowledged:
        return None
    who = [
        name
        for name, has in (("the patient", heard.patient_acknowledged), ("the escort", heard.escort_acknowledged))
        if not has
    ]
    return Reason("instructions", f"The instructions for home have not been acknowledged by {' and by '.join(who)}.")


def _fresh(recovery: Recovery, charted: str, rules: ReleaseRules, now: datetime) -> Any:
    """The latest charted value when it is at most `freshness` old (inclusive), else None."""
    latest = recovery.latest(charted)
    if latest is None or now - latest[0] > rules.freshness:
        return None
    return latest[1]


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _minutes_up(span: timedelta) -> int:
    return -int(-span.total_seconds() // 60)
