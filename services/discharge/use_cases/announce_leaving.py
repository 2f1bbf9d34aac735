"""Publish discharge-cleared: once when a patient leaves, and again with the next revision after a correction.

A session that was entered in error is such a correction: its revision says so, and one that takes the error back too.
"""

from datetime import datetime

from services.discharge.domain.policies.monitoring import monitored_for
from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import RecoveryState
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.upkeep import monitored_from
from shared.contracts.discharge_cleared import DischargeCleared, Disposition
from shared.contracts.session_completed import SessionKind as TravellingKind
from shared.contracts.session_completed import SessionStatus
from shared.messaging.outbox import publish
from shared.store.unit_of_work import UnitOfWork

_DISPOSITION = {
    RecoveryState.RELEASED: Disposition.CLEARED,
    RecoveryState.LEFT_AGAINST_ADVICE: Disposition.LEFT_AGAINST_ADVICE,
}


def announce_leaving(uow: UnitOfWork, row: RecoveryRow, book: RuleBook, *, now: datetime) -> None:
    """For a recovery that has left; raises ValueError for one that hasn't, a bug in the caller."""
    if row.left_at is None or row.left_as is None:
        raise ValueError("nobody has left")
    row.cleared_revision += 1
    watched = monitored_for(monitored_from(row, book), row.left_at)
    publish(
        uow,
        DischargeCleared(
            session_id=row.session_id,
            patient_id=row.patient_id,
            site_id=row.site_id,
            course_id=row.course_id,
            kind=TravellingKind(row.kind.value),
            administration_ended_at=row.administration_ended_at,
            chair_name=row.chair_name,
            left_at=row.left_at,
            disposition=_DISPOSITION[row.left_as],
            monitored_minutes=int(watched.total_seconds() // 60),
            restriction_earliest_end_at=row.restriction_earliest_end_at,
            restriction_time_zone=row.time_zone,
            restriction_rule_version=row.restriction_rule_version,
            policy_version=book.release(row.site_id, row.product).version,
            revision=row.cleared_revision,
            status=_status_of(row),
        ),
        now=now,
    )
    uow.session.flush()


def _status_of(row: RecoveryRow) -> SessionStatus:
    in_error = row.state is RecoveryState.ENTERED_IN_ERROR
    return SessionStatus.ENTERED_IN_ERROR if in_error else SessionStatus.FINAL
