"""A therapist's own note on an appointment: read, written and amended on a page that opens for nobody else."""

from uuid import UUID

from flask import Blueprint, Response, request

from services.integration.api.schemas import LONGEST_TEXT
from services.integration.deps import Deps
from services.integration.domain.kap import KapState
from services.integration.store import psychotherapy_notes
from services.integration.use_cases.visible import own_appointment_for
from services.integration.use_cases.write_note import write_note
from shared.web import context
from shared.web.fields import Body, Text, Whole
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.page import page, zone

blueprint = Blueprint("note_page", __name__, template_folder="templates")


class Written(Body):
    text = Text(LONGEST_TEXT, required=True)
    follows_edition = Whole(0, 100_000, required=True)


@blueprint.get("/notes/<uuid:appointment_id>")
def show(appointment_id: UUID) -> Response:
    return _render(appointment_id, Typed())


@blueprint.post("/notes/<uuid:appointment_id>")
def write(appointment_id: UUID) -> Response:
    own_appointment_for(context.uow(), appointment_id)

    def act() -> str:
        told = parsed(Written, zone=zone(), now=context.now())
        write_note(
            context.uow(),
            appointment_id,
            told["text"],
            follows=told["follows_edition"],
            sealer=context.deps(Deps).sealer,
            now=context.now(),
        )
        return f"/integration/notes/{appointment_id}?kept=yes"

    return attempt(act, again=lambda typed: _render(appointment_id, typed))


def _render(appointment_id: UUID, typed: Typed) -> Response:
    session, now = context.uow().session, context.now()
    appointment = own_appointment_for(context.uow(), appointment_id)
    row = psychotherapy_notes.of_appointment(session, appointment_id)
    editions = []
    if row is not None:
        editions = psychotherapy_notes.editions(session, row, sealer=context.deps(Deps).sealer)
        context.audit_read(
            "psychotherapy-note-read", patient_id=row.patient_id, record_id=row.note_id, site_id=row.site_id
        )
    return page(
        "integration/note.html",
        talk=appointment,
        edition=0 if row is None else row.edition,
        current=editions[0] if editions else None,
        earlier=editions[1:],
        takes_words=appointment.state is not KapState.CANCELLED and appointment.starts_at <= now,
        kept=request.args.get("kept") == "yes",
        typed=typed,
        longest=LONGEST_TEXT,
    )
