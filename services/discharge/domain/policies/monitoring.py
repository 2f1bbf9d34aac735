"""How long a patient is watched, and when somebody must look. Source: docs/clinical/release.md."""

from datetime import datetime, timedelta

from services.discharge.domain.policies.release_rules import ReleaseRules
from services.discharge.domain.recovery import Administration
from services.discharge.domain.states import Product


def monitoring_started_at(product: Product, administration: Administration, rules: ReleaseRules) -> datetime:
    """Administration end; for esketamine its start (the first device)."""
    return administration.started_at if product in rules.monitored_from_start else administration.ended_at


def next_due_at(monitored_from: datetime, last_observed_at: datetime | None, rules: ReleaseRules) -> datetime:
    """When the next observation is due: the first due time that no observation meets yet.

    An observation meets every due time up to `observation_lead` after it. After the last due time the patient is still
    here and must be looked at before leaving: due again as soon as the last values are no longer fresh.
    """
    unmet = _first_unmet(monitored_from, last_observed_at, rules)
    if unmet is not None:
        return unmet
    if last_observed_at is None:
        raise ValueError("nothing observed, and yet every due time is met")
    return last_observed_at + rules.freshness


def overdue_since(
    monitored_from: datetime, last_observed_at: datetime | None, rules: ReleaseRules, *, now: datetime
) -> datetime | None:
    """The latest due time that is unmet though its grace has run out at `now` (exclusive); None when there is none.

    Only scheduled due times count; a value that has grown old since is the business of freshness.
    """
    late: datetime | None = None
    for offset in rules.observations_due:
        due = monitored_from + offset
        if now - due <= rules.observation_grace:
            break
        if not _meets(last_observed_at, due, rules):
            late = due
    return late


def is_overdue(due_at: datetime, rules: ReleaseRules, *, now: datetime) -> bool:
    """Whether an observation due at `due_at` and not yet made is past its grace."""
    return now - due_at > rules.observation_grace


def monitored_for(monitored_from: datetime, until: datetime) -> timedelta:
    """Elapsed time under watch; never negative, also when a correction moved the start past `until`."""
    return max(until - monitored_from, timedelta())


def _first_unmet(monitored_from: datetime, last_observed_at: datetime | None, rules: ReleaseRules) -> datetime | None:
    for offset in rules.observations_due:
        due = monitored_from + offset
        if not _meets(last_observed_at, due, rules):
            return due
    return None


def _meets(last_observed_at: datetime | None, due: datetime, rules: ReleaseRules) -> bool:
    return last_observed_at is not None and last_observed_at >= due - rules.observation_lead
