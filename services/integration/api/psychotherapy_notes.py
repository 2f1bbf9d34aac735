"""`kap-appointments/{id}/note`: what was said, for the therapist who wrote it and nobody else."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.integration.api.schemas import NoteBody, NoteView
from services.integration.deps import Deps
from services.integration.store import psychotherapy_notes
from services.integration.store.tables import PsychotherapyNoteRow
from services.integration.use_cases.visible import own_appointment_for
from services.integration.use_cases.write_note import write_note
from shared.kernel.errors import NotFound
from shared.web import context
from shared.web.versions import created, versioned

blueprint = Blueprint("psychotherapy-notes", __name__, description="Psychotherapy notes, their author’s alone.")


@blueprint.route("/kap-appointments/<uuid:appointment_id>/note", methods=["GET"])
@blueprint.response(200, NoteView)
def read(appointment_id: UUID) -> Any:
    """The note with every earlier edition. Another reader, whatever their role, finds nothing."""
    own_appointment_for(context.uow(), appointment_id)
    row = psychotherapy_notes.of_appointment(context.uow().session, appointment_id)
    if row is None:
        raise NotFound("There is no note on this appointment yet.")
    context.audit_read("psychotherapy-note-read", patient_id=row.patient_id, record_id=row.note_id, site_id=row.site_id)
    return versioned(_view(row), row.version)


@blueprint.route("/kap-appointments/<uuid:appointment_id>/note", methods=["POST"])
@blueprint.arguments(NoteBody)
@blueprint.response(201, NoteView)
def write(body: dict[str, Any], appointment_id: UUID) -> Any:
    """Keep the note's next edition. `follows_edition` is the one that it amends, 0 for the first; 412 otherwise."""
    row = write_note(
        context.uow(),
        appointment_id,
        body["text"],
        follows=body["follows_edition"],
        sealer=context.deps(Deps).sealer,
        now=context.now(),
    )
    return created(_view(row), row.version)


def _view(row: PsychotherapyNoteRow) -> dict[str, Any]:
    current, *earlier = psychotherapy_notes.editions(context.uow().session, row, sealer=context.deps(Deps).sealer)
    return {
        "note_id": row.note_id,
        "appointment_id": row.appointment_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "edition": row.edition,
        "text": current.text,
        "written_at": row.written_at,
        "amended_at": current.kept_at if earlier else None,
        "earlier": [{"text": edition.text, "kept_at": edition.kept_at} for edition in earlier],
    }
