"""Puts something in front of people, with an instant by which they must have acted."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.maintenance.domain.escalations import EscalationKind, EscalationState
from services.maintenance.domain.policies.escalation import due_at, first_call
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import escalations
from services.maintenance.store.tables import EscalationRow
from services.maintenance.use_cases.page import page
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def raise_escalation(
    uow: UnitOfWork,
    patient_id: UUID,
    kind: EscalationKind,
    cause: UUID,
    *,
    site_id: str,
    rules: MaintenanceRules,
    now: datetime,
    holds: bool = False,
) -> EscalationRow:
    """Raise it once for its `cause`; an earlier one for the same cause is returned as it is. Safe to repeat.

    `holds`: the plan stays on hold until this one is resolved.
    """
    existing = escalations.by_cause(uow.session, kind, cause)
    if existing is not None:
        return existing
    calling = first_call(kind, now, rules.escalation)
    row = EscalationRow(
        escalation_id=new_id(),
        patient_id=patient_id,
        site_id=site_id,
        kind=kind,
        cause=cause,
        state=EscalationState.OPEN,
        raised_at=now,
        due_at=due_at(kind, now, rules.escalation),
        holds=holds,
        call_place=None if calling is None else calling.place,
        next_call_at=None if calling is None else calling.next_at,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    if calling is not None:
        page(uow, row, calling.place, rules=rules, now=now)
    audit.wrote(uow, "escalation-raised", at=now, patient_id=patient_id, record_id=row.escalation_id, site_id=site_id)
    return row


def raise_for_each(
    uow: UnitOfWork,
    kind: EscalationKind,
    causes: Mapping[UUID, tuple[UUID, str]],
    *,
    rules: MaintenanceRules,
    now: datetime,
) -> dict[UUID, UUID]:
    """Raise one for each cause (cause → patient and site) that has none yet; cause → new escalation.

    For kinds that wait in the list: where somebody is called at once, raise them one by one. The audit is the caller's,
    who knows in which order they were asked for.
    """
    if first_call(kind, now, rules.escalation) is not None:
        raise ValueError(f"somebody is called at once for each {kind.value}")
    known = escalations.raised(uow.session, kind, causes)
    new = {cause: new_id() for cause in causes if cause not in known}
    rows = [(escalation_id, *causes[cause], cause) for cause, escalation_id in new.items()]
    escalations.add(uow.session, kind, rows, due_at=due_at(kind, now, rules.escalation), now=now)
    return new
