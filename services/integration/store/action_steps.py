"""Queries about action steps, and the sealing of their words."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from services.integration.domain.policies.sharing import Reach
from services.integration.store.tables import ActionStepRow
from shared.kernel.errors import Unavailable
from shared.store.sealing import SealBroken, Sealer


def find(session: Session, action_step_id: UUID) -> ActionStepRow | None:
    return session.get(ActionStepRow, action_step_id)


def locked(session: Session, action_step_id: UUID) -> ActionStepRow | None:
    return session.get(ActionStepRow, action_step_id, with_for_update=True)


def within(
    reach: Reach, *, sites: Iterable[str], patient_id: UUID | None, session_id: UUID | None
) -> Select[ActionStepRow]:
    """The steps that this reader may see; never one that is not shared with them."""
    query = select(ActionStepRow)
    if reach.patient_id is not None:
        query = query.where(ActionStepRow.patient_id == reach.patient_id)
    elif reach.tiers:
        asked = reach.sites.intersection(sites)
        query = query.where(ActionStepRow.site_id.in_(asked), ActionStepRow.sharing.in_(reach.tiers))
    else:
        query = query.where(false())
    if patient_id is not None:
        query = query.where(ActionStepRow.patient_id == patient_id)
    if session_id is not None:
        query = query.where(ActionStepRow.session_id == session_id)
    return query


def sealed(text: str, action_step_id: UUID, sealer: Sealer) -> bytes:
    return sealer.seal_text(text, bound_to=_bound_to(action_step_id))


def text_of(row: ActionStepRow, sealer: Sealer) -> str:
    """Raises Unavailable when the seal doesn't open."""
    try:
        return sealer.open_text(row.sealed_text, bound_to=_bound_to(row.action_step_id))
    except SealBroken:
        raise Unavailable("These words can’t be opened with the keys that this service has.") from None


def _bound_to(action_step_id: UUID) -> str:
    return f"action-step/{action_step_id}"
