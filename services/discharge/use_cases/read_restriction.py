"""How a patient's driving restriction stands now, in figures and in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.discharge.domain.policies.driving_restriction import (
    Restriction,
    anchor_of,
    counting_attestation,
    restriction,
)
from services.discharge.domain.policies.driving_words import explain
from services.discharge.domain.rule_book import RuleBook
from services.discharge.store.recoveries import attestations_of, find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.turns import require_open
from services.discharge.use_cases.upkeep import calculated_end
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ExplainedRestriction:
    restriction: Restriction
    time_zone: str
    explanation: str
    rule_version: str


def read_restriction(
    uow: UnitOfWork, session_id: UUID, *, book: RuleBook, now: datetime
) -> tuple[RecoveryRow, ExplainedRestriction]:
    """Raises NotFound, and WrongState when the session was entered in error: then nothing restricts anybody."""
    row = find(uow.session, session_id, uow.actor)
    require_open(row)
    return row, restriction_of(uow, row, book=book, now=now)


def restriction_of(uow: UnitOfWork, row: RecoveryRow, *, book: RuleBook, now: datetime) -> ExplainedRestriction:
    rules = book.driving(row.site_id)
    attestations = attestations_of(uow.session, row.session_id)
    standing = restriction(
        has_left=row.left_at is not None,
        earliest_end_at=row.restriction_earliest_end_at,
        attestations=attestations,
        rules=rules,
        now=now,
    )
    told = explain(
        standing,
        anchor=anchor_of(row.administration_ended_at, row.left_at),
        calculated=calculated_end(row, book),
        counting=counting_attestation(attestations, row.restriction_earliest_end_at),
        zone=ZoneInfo(row.time_zone),
        rules=rules,
    )
    return ExplainedRestriction(standing, row.time_zone, told, row.restriction_rule_version)
