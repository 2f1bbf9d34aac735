"""Counts journals that were kept, and brings a wish to talk to somebody in front of people."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.journals import Position
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import journals, plans
from services.maintenance.use_cases.raise_escalation import raise_for_each
from services.maintenance.use_cases.site_named import site_named
from shared.contracts.journal_submitted import JournalSubmitted
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def count_journals(
    uow: UnitOfWork,
    told: Sequence[tuple[JournalSubmitted, str]],
    *,
    rules: MaintenanceRules,
    sites: Sites,
    now: datetime,
) -> None:
    """File each journal, told with its correlation id, under its session, whether that is known yet or not.

    Journals inform people: the ladder never reads them. Safe to repeat. Raises UnknownSite.
    """
    events = [event for event, _ in told]
    for event in events:
        site_named(event.site_id, sites)
    # of a patient's sites the first, as if the events had been told one by one
    filed_at = {event.patient_id: event.site_id for event in reversed(events)}
    unnamed = plans.open_files(uow.session, filed_at, now=now)
    plans.name_sites(uow.session, [(event.patient_id, event.site_id) for event in events], unnamed, now=now)
    new = journals.add_new(uow.session, [_row(event) for event in events])
    facts = Counter(patient_id for patient_id, _ in new)
    wishes: dict[UUID, tuple[UUID, str]] = {}
    for event in events:
        if event.contact_requested:
            wishes.setdefault(event.journal_id, (event.patient_id, event.site_id))
    raised = raise_for_each(uow, EscalationKind.CONTACT_REQUESTED, wishes, rules=rules, now=now)
    entries: list[audit.Written] = []
    for event, correlation_id in told:
        patient_id, site_id = event.patient_id, event.site_id
        if event.contact_requested and event.journal_id in raised:
            wish = raised.pop(event.journal_id)
            entries.append(audit.Written("escalation-raised", patient_id, wish, site_id, correlation_id))
        if (patient_id, event.journal_id) in new:
            new.remove((patient_id, event.journal_id))
            entries.append(audit.Written("journal-counted", patient_id, event.journal_id, site_id, correlation_id))
    audit.wrote_all(uow, entries, at=now)
    plans.take_orders(uow.session, facts, now=now)


def _row(event: JournalSubmitted) -> tuple[UUID, UUID, UUID, Position, datetime]:
    return (
        event.patient_id,
        event.journal_id,
        event.session_id,
        Position(event.window_position.value),
        event.written_at,
    )
