"""What both ways of leaving have in common: the watch ends, the restriction begins, the others are told."""

from datetime import datetime

from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import RecoveryState
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.announce_leaving import announce_leaving
from services.discharge.use_cases.upkeep import arm_reminders, end_watch, keep_restriction
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def leave(
    uow: UnitOfWork, row: RecoveryRow, left_as: RecoveryState, *, left_at: datetime, book: RuleBook, now: datetime
) -> None:
    row.state = row.left_as = left_as
    row.left_at = left_at
    row.left_recorded_at = now
    row.left_by = uow.actor.subject
    touch(row, now=now)
    end_watch(row)
    keep_restriction(row, book)
    arm_reminders(row, book.driving(row.site_id), after=row.restriction_earliest_end_at)
    announce_leaving(uow, row, book, now=now)
