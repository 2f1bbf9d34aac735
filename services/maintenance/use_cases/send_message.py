"""Adds a message to a patient's line to the prescriber."""

from datetime import datetime
from uuid import UUID

from services.maintenance.store import plans, threads
from services.maintenance.store.tables import MessageRow, ThreadRow
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.sealing import Sealer
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def send_message(
    uow: UnitOfWork, thread_id: UUID, text: str, *, sealer: Sealer, now: datetime
) -> tuple[ThreadRow, MessageRow]:
    """Keep the message, sealed, after the thread's others. Raises NotFound."""
    thread = threads.find(uow.session, thread_id, lock=True)
    plan = None if thread is None else plans.find(uow.session, thread.patient_id)
    if (
        thread is None
        or plan is None
        or not uow.actor.may_see(patient_id=thread.patient_id, sites=plans.sites_of(uow.session, plan))
    ):
        raise NotFound("There is no such thread here.")
    message_id = new_id()
    row = MessageRow(
        message_id=message_id,
        thread_id=thread_id,
        number=threads.last_number(uow.session, thread_id) + 1,
        author=uow.actor.subject,
        from_patient=uow.actor.is_portal,
        text_sealed=sealer.seal_text(text, bound_to=threads.text_place(message_id)),
        sent_at=now,
    )
    uow.session.add(row)
    touch(thread, now=now)
    audit.wrote(uow, "message-sent", at=now, patient_id=thread.patient_id, record_id=message_id, site_id=plan.site_id)
    uow.session.flush()
    return thread, row
