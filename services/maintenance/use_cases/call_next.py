"""Calls the next on call for escalations that nobody has acknowledged in time."""

from datetime import datetime

from services.maintenance.domain.policies.escalation import next_call
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import escalations
from services.maintenance.use_cases.page import page
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork

_AT_ONCE = 200


def call_next(uow: UnitOfWork, *, rules: MaintenanceRules, now: datetime) -> None:
    """Move up to 200 escalations on to whoever's turn it is at `now`. Safe to repeat: each place is called once."""
    for escalation_id in escalations.to_call(uow.session, now=now, limit=_AT_ONCE):
        row = escalations.find(uow.session, escalation_id, lock=True)
        if row is None or row.call_place is None or row.next_call_at is None or row.next_call_at > now:
            continue  # acknowledged since we looked
        calling = next_call(row.call_place, row.next_call_at, rules.escalation, now=now)
        for place in range(row.call_place + 1, calling.place + 1):
            page(uow, row, place, rules=rules, now=now)
        row.call_place, row.next_call_at = calling.place, calling.next_at
        touch(row, now=now)
        audit.wrote(
            uow,
            "next-on-call-called",
            at=now,
            patient_id=row.patient_id,
            record_id=row.escalation_id,
            site_id=row.site_id,
        )
