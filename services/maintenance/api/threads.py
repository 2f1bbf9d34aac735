"""`threads`: a patient's line to the prescriber."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.maintenance.api.schemas import MessageBody, MessageView, ThreadPage, ThreadQuery
from services.maintenance.deps import Deps
from services.maintenance.store import threads
from services.maintenance.store.tables import MessageRow, ThreadRow
from services.maintenance.use_cases.send_message import send_message
from services.maintenance.use_cases.visible import plan_for, plan_if_known
from shared.store.sealing import Sealer
from shared.web import context
from shared.web.paging import in_order, page
from shared.web.versions import created

blueprint = Blueprint("threads", __name__, description="Threads with the prescriber.")


@blueprint.route("/threads", methods=["GET"])
@blueprint.arguments(ThreadQuery, location="query")
@blueprint.response(200, ThreadPage)
def list_threads(query: dict[str, Any]) -> dict[str, Any]:
    """Threads of a site, or of one patient with all messages. A portal reads its own patient's."""
    sites, session, sealer = context.requested_sites(), context.uow().session, context.deps(Deps).sealer
    patient_id = query["patient_id"]
    if context.actor().is_portal:
        patient_id = patient_id or context.the_patient()
        plan_if_known(context.uow(), patient_id)
    elif patient_id is not None:
        plan_for(context.uow(), patient_id)
    asked = threads.at_sites(sites) if patient_id is None else threads.of_patient(patient_id)
    rows = session.scalars(in_order(asked, query, updated_at=ThreadRow.updated_at, record_id=ThreadRow.thread_id)).all()
    messages = threads.messages_of(session, [row.thread_id for row in rows])
    if patient_id is None:
        context.open_board("threads-opened", sites)
    else:
        context.audit_read("thread-read", patient_id=patient_id, record_id=patient_id, site_id=None)
    return page(
        rows,
        query,
        place=lambda row: (row.updated_at, row.thread_id),
        view=lambda row: _thread(row, messages.get(row.thread_id, []), None if patient_id is None else sealer),
    )


@blueprint.route("/threads/<uuid:thread_id>/messages", methods=["POST"])
@blueprint.arguments(MessageBody)
@blueprint.response(201, MessageView)
def send(body: dict[str, Any], thread_id: UUID) -> Any:
    """Write to the other side. Messages are kept as they were sent."""
    sealer = context.deps(Deps).sealer
    thread, row = send_message(context.uow(), thread_id, body["text"], sealer=sealer, now=context.now())
    return created(_message(row, sealer), thread.version)


def _thread(row: ThreadRow, messages: list[MessageRow], sealer: Sealer | None) -> dict[str, Any]:
    last = messages[-1] if messages else None
    return {
        "thread_id": row.thread_id,
        "patient_id": row.patient_id,
        "message_count": len(messages),
        "last_message_at": None if last is None else last.sent_at,
        "waits_for": None if last is None else "care-team" if last.from_patient else "patient",
        "messages": None if sealer is None else [_message(message, sealer) for message in messages],
        "updated_at": row.updated_at,
    }


def _message(row: MessageRow, sealer: Sealer) -> dict[str, Any]:
    return {
        "message_id": row.message_id,
        "thread_id": row.thread_id,
        "number": row.number,
        "sender": "patient" if row.from_patient else "care-team",
        "text": sealer.open_text(row.text_sealed, bound_to=threads.text_place(row.message_id)),
        "sent_at": row.sent_at,
    }
