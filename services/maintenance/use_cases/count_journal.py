"""Counts a journal that was kept, and brings a wish to talk to somebody in front of people."""

from datetime import datetime

from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.journals import Position
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import journals, plans
from services.maintenance.store.tables import JournalRow
from services.maintenance.use_cases.raise_escalation import raise_escalation
from services.maintenance.use_cases.replan import take_order
from services.maintenance.use_cases.site_named import site_named
from shared.contracts.journal_submitted import JournalSubmitted
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def count_journal(
    uow: UnitOfWork, event: JournalSubmitted, *, rules: MaintenanceRules, sites: Sites, now: datetime
) -> None:
    """File the journal under its session, whether that is known yet or not. Safe to repeat.

    Journals inform people: the ladder never reads them. Raises UnknownSite.
    """
    site_named(event.site_id, sites)
    plan = plans.open_file(uow.session, event.patient_id, site_id=event.site_id, now=now)
    plans.name_site(uow.session, plan, event.site_id, now=now)
    if event.contact_requested:
        raise_escalation(
            uow,
            plan,
            EscalationKind.CONTACT_REQUESTED,
            event.journal_id,
            site_id=event.site_id,
            rules=rules,
            now=now,
        )
    if journals.find(uow.session, event.journal_id) is not None:
        return
    take_order(plan, now=now)
    uow.session.add(
        JournalRow(
            journal_id=event.journal_id,
            patient_id=event.patient_id,
            session_id=event.session_id,
            position=Position(event.window_position.value),
            written_at=event.written_at,
        )
    )
    audit.wrote(
        uow,
        "journal-counted",
        at=now,
        patient_id=event.patient_id,
        record_id=event.journal_id,
        site_id=event.site_id,
    )
