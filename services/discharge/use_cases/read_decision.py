"""Which criteria for leaving are unmet now."""

from datetime import datetime
from uuid import UUID

from services.discharge.domain.policies.release import decide_release
from services.discharge.domain.rule_book import RuleBook
from services.discharge.store.recoveries import chart_of, find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.turns import require_open
from shared.kernel.decision import Decision
from shared.store.unit_of_work import UnitOfWork


def read_decision(uow: UnitOfWork, session_id: UUID, *, book: RuleBook, now: datetime) -> tuple[RecoveryRow, Decision]:
    """For a patient who has left: as it stood when they did. Raises NotFound, WrongState."""
    row = find(uow.session, session_id, uow.actor)
    require_open(row)
    rules = book.release(row.site_id, row.product)
    chart = chart_of(uow.session, row)
    if row.left_at is not None:
        return row, decide_release(chart.as_of(row.left_at), rules, now=row.left_at)
    return row, decide_release(chart, rules, now=now)
