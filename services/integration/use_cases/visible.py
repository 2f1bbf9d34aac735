"""Finds records for whoever asks; a foreign record and a missing one are the same answer."""

from uuid import UUID

from services.integration.domain.policies.sharing import reach_of
from services.integration.store import action_steps, journals, kap_appointments, tasks, windows
from services.integration.store.tables import ActionStepRow, JournalRow, KapAppointmentRow, TaskRow, WindowRow
from shared.kernel.errors import FieldError, NotFound
from shared.store.unit_of_work import UnitOfWork

_NO_WINDOW = (
    "There is no window for this session here. It comes with the patient’s leaving: "
    "if they have just left, keep what was written and try again in a moment."
)


def window_for(uow: UnitOfWork, session_id: UUID, *, patient_id: UUID | None = None, lock: bool = False) -> WindowRow:
    """The session's window, when it is of `patient_id` (if given) and this caller may see it; NotFound otherwise."""
    row = windows.locked(uow.session, session_id) if lock else windows.find(uow.session, session_id)
    if row is None or not uow.actor.may_see(patient_id=row.patient_id, sites={row.site_id}):
        raise NotFound(_NO_WINDOW)
    if patient_id is not None and row.patient_id != patient_id:
        raise NotFound(_NO_WINDOW, fields=[FieldError("/patient_id", "Not the patient of this session.")])
    return row


def patient_known(uow: UnitOfWork, patient_id: UUID) -> None:
    """NotFound unless the patient is known here to this caller."""
    if not windows.is_known_to(uow.session, uow.actor, patient_id):
        raise NotFound("There is no such patient here.")


def journal_for(uow: UnitOfWork, journal_id: UUID, *, lock: bool = False) -> JournalRow:
    """The journal, when it is the caller's own or shared with them; NotFound otherwise."""
    row = journals.locked(uow.session, journal_id) if lock else journals.find(uow.session, journal_id)
    reach = reach_of(uow.actor)
    if row is None or not reach.covers(patient_id=row.patient_id, site_id=row.site_id, sharing=row.sharing):
        raise NotFound("There is no such journal.")
    return row


def action_step_for(uow: UnitOfWork, action_step_id: UUID, *, lock: bool = False) -> ActionStepRow:
    """The step, when it is the caller's own or shared with them; NotFound otherwise."""
    find = action_steps.locked if lock else action_steps.find
    row = find(uow.session, action_step_id)
    reach = reach_of(uow.actor)
    if row is None or not reach.covers(patient_id=row.patient_id, site_id=row.site_id, sharing=row.sharing):
        raise NotFound("There is no such action step.")
    return row


def appointment_for(uow: UnitOfWork, appointment_id: UUID, *, lock: bool = False) -> KapAppointmentRow:
    find = kap_appointments.locked if lock else kap_appointments.find
    row = find(uow.session, appointment_id)
    if row is None or not uow.actor.may_see(patient_id=row.patient_id, sites={row.site_id}):
        raise NotFound("There is no such appointment.")
    return row


def own_appointment_for(uow: UnitOfWork, appointment_id: UUID, *, lock: bool = False) -> KapAppointmentRow:
    """The appointment, when the caller is its therapist: what was said there is theirs alone. NotFound otherwise."""
    row = appointment_for(uow, appointment_id, lock=lock)
    if row.therapist != uow.actor.subject:
        raise NotFound("There is no such appointment of yours.")
    return row


def task_for(uow: UnitOfWork, task_id: UUID) -> TaskRow:
    row = tasks.locked(uow.session, task_id)
    if row is None or row.site_id not in uow.actor.sites:
        raise NotFound("There is no such task.")
    return row
