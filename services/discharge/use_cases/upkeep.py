"""What a recovery's row keeps up to date with every change: where the patient stands, what is due, the restriction."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.discharge.domain.policies.driving_restriction import anchor_of, earliest_end, moved
from services.discharge.domain.policies.driving_rules import DrivingRules
from services.discharge.domain.policies.monitoring import monitoring_started_at, next_due_at
from services.discharge.domain.policies.standing import standing
from services.discharge.domain.recovery import Administration
from services.discharge.domain.rule_book import RuleBook
from services.discharge.store.read_model import vitals_of
from services.discharge.store.tables import RecoveryRow
from services.discharge.store.watched import AnyRecovery


def administration_of(row: AnyRecovery) -> Administration:
    return Administration(row.administration_started_at, row.administration_ended_at)


def monitored_from(row: AnyRecovery, book: RuleBook) -> datetime:
    return monitoring_started_at(row.product, administration_of(row), book.release(row.site_id, row.product))


def calculated_end(row: RecoveryRow, book: RuleBook) -> datetime:
    """The restriction's earliest end from the row's present facts alone."""
    return earliest_end(
        administration_started_at=row.administration_started_at,
        anchor=anchor_of(row.administration_ended_at, row.left_at),
        zone=ZoneInfo(row.time_zone),
        rules=book.driving(row.site_id),
    )


def keep_watch(row: AnyRecovery, book: RuleBook) -> None:
    """For a patient who is here: state and next observation, from the latest vitals."""
    rules = book.release(row.site_id, row.product)
    vitals = vitals_of(row)
    row.state = standing(
        open_emergencies=row.open_emergencies,
        latest_pressure=None if vitals.pressure is None else vitals.pressure.value,
        latest_spo2_percent=None if vitals.spo2_percent is None else vitals.spo2_percent.value,
        rules=rules,
    )
    row.next_observation_due_at = next_due_at(monitored_from(row, book), vitals.observed_at, rules)


def keep_restriction(row: RecoveryRow, book: RuleBook) -> None:
    """Move the earliest end later if the facts say so, never earlier; one that moves is in force again."""
    rules = book.driving(row.site_id)
    later = moved(row.restriction_earliest_end_at, calculated_end(row, book))
    if later > row.restriction_earliest_end_at:
        row.restriction_earliest_end_at = later
        row.restriction_rule_version = rules.version
        row.restriction_ended_at = None
        if row.left_at is not None:
            arm_reminders(row, rules, after=later)


def arm_reminders(row: RecoveryRow, rules: DrivingRules, *, after: datetime) -> None:
    row.sleep_reminder_due_at = after + rules.remind_after
    row.sleep_task_due_at = after + rules.staff_task_after


def disarm_reminders(row: RecoveryRow) -> None:
    row.sleep_reminder_due_at = None
    row.sleep_task_due_at = None


def end_watch(row: RecoveryRow) -> None:
    """Nobody is in the chair any more: nothing more falls due there."""
    row.next_observation_due_at = None
    row.lasting_symptoms_due_at = None
