"""A therapist's own note on what was said, kept in a vault that nobody else opens."""

from datetime import datetime
from uuid import UUID

from services.integration.domain.kap import KapState
from services.integration.store import psychotherapy_notes
from services.integration.store.tables import KapAppointmentRow, PsychotherapyNoteRow
from services.integration.use_cases.visible import own_appointment_for
from shared.kernel.errors import Stale, WrongState
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.sealing import Sealer
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def write_note(
    uow: UnitOfWork, appointment_id: UUID, text: str, *, follows: int, sealer: Sealer, now: datetime
) -> PsychotherapyNoteRow:
    """Keep `text` as the note's next edition; what stood there before stays.

    `follows` is the edition that the author had before their eyes, 0 for none. From the appointment's start on,
    inclusive, also when the patient missed it. Raises NotFound for whoever isn't its therapist, WrongState for one
    that hasn't begun or was cancelled, and Stale when another edition came between.
    """
    appointment = own_appointment_for(uow, appointment_id, lock=True)
    if appointment.state is KapState.CANCELLED:
        raise WrongState("The appointment was cancelled: there is nothing to note.")
    if now < appointment.starts_at:
        raise WrongState("The appointment hasn’t begun.")
    row = psychotherapy_notes.of_appointment(uow.session, appointment_id)
    if follows != (0 if row is None else row.edition):
        raise Stale("The note was changed elsewhere meanwhile. What stands there is shown; what you typed is kept.")
    if row is None:
        row = _first(uow, appointment, now)
    else:
        row.edition += 1
        touch(row, now=now)
    psychotherapy_notes.keep_text(uow.session, row, text, sealer=sealer, now=now)
    action = "psychotherapy-note-written" if row.edition == 1 else "psychotherapy-note-amended"
    audit.wrote(uow, action, at=now, patient_id=row.patient_id, record_id=row.note_id, site_id=row.site_id)
    uow.session.flush()
    return row


def _first(uow: UnitOfWork, appointment: KapAppointmentRow, now: datetime) -> PsychotherapyNoteRow:
    row = PsychotherapyNoteRow(
        note_id=new_id(),
        appointment_id=appointment.appointment_id,
        patient_id=appointment.patient_id,
        site_id=appointment.site_id,
        author=uow.actor.subject,
        edition=1,
        written_at=now,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    return row
