"""Records within the actor's reach: whatever else exists is NotFound, in the same words as what doesn't."""

from uuid import UUID

from services.intake.store import boosters, calls, courses, patients, sessions
from services.intake.store.tables import BoosterRow, BoosterTaskRow, CourseRow, PatientRow, SessionRow
from shared.kernel.errors import FieldError, Invalid, NotFound
from shared.kernel.sites import Chair, Site, Sites
from shared.store.unit_of_work import UnitOfWork


def patient(uow: UnitOfWork, patient_id: UUID, *, pointer: str | None = None) -> PatientRow:
    """`pointer` names the body's field that held the id, when one did."""
    row = patients.by_id(uow.session, patient_id)
    if row is None or not _may_see(uow, patient_id):
        raise _missing("patient", pointer)
    return row


def course(uow: UnitOfWork, course_id: UUID, *, pointer: str | None = None) -> CourseRow:
    row = courses.by_id(uow.session, course_id)
    if row is None or not _may_see(uow, row.patient_id):
        raise _missing("course", pointer)
    return row


def course_to_change(uow: UnitOfWork, course_id: UUID) -> CourseRow:
    """The course, held to commit."""
    course(uow, course_id)
    return courses.locked(uow.session, course_id)


def session(uow: UnitOfWork, session_id: UUID) -> SessionRow:
    row = sessions.by_id(uow.session, session_id)
    if row is None or not uow.actor.may_see(patient_id=row.patient_id, sites={row.site_id}):
        raise _missing("session", None)
    return row


def session_to_change(uow: UnitOfWork, session_id: UUID) -> SessionRow:
    """The session, held to commit: of two acts at one moment the second sees what the first did."""
    session(uow, session_id)
    return sessions.locked(uow.session, session_id)


def session_and_course_to_change(uow: UnitOfWork, session_id: UUID) -> tuple[SessionRow, CourseRow]:
    """Both held to commit, the course first: whoever numbers sessions takes the locks in this order."""
    found = session(uow, session_id)
    held = courses.locked(uow.session, found.course_id)
    return sessions.locked(uow.session, session_id), held


def booster(uow: UnitOfWork, booster_id: UUID) -> BoosterRow:
    row = boosters.by_id(uow.session, booster_id)
    if row is None or not uow.actor.may_see(patient_id=row.patient_id, sites={row.site_id}):
        raise _missing("booster", None)
    return row


def booster_to_change(uow: UnitOfWork, booster_id: UUID) -> BoosterRow:
    """The cycle, held to commit; the patient first, as bookings do."""
    row = booster(uow, booster_id)
    patients.lock(uow.session, row.patient_id)
    return boosters.locked(uow.session, booster_id)


def booster_task(uow: UnitOfWork, task_id: UUID) -> BoosterTaskRow:
    row = calls.task_by_id(uow.session, task_id)
    if row is None or not uow.actor.may_see(patient_id=row.patient_id, sites={row.site_id}):
        raise _missing("task", None)
    return row


def own_site(uow: UnitOfWork, sites: Sites, site_id: str, *, pointer: str) -> Site:
    """A site the actor works at: Invalid when there is none of that code, NotFound when it is somebody else's."""
    site = sites.get(site_id)
    if site is None:
        raise Invalid(FieldError(pointer, "There is no such site."))
    if site_id not in uow.actor.sites:
        raise _missing("site", pointer)
    return site


def chair_of(site: Site, chair_id: str, *, pointer: str) -> Chair:
    for chair in site.chairs:
        if chair.chair_id == chair_id:
            return chair
    raise Invalid(FieldError(pointer, f"{site.name} has no such chair."))


def _may_see(uow: UnitOfWork, patient_id: UUID) -> bool:
    return uow.actor.may_see(patient_id=patient_id, sites=patients.sites_of(uow.session, patient_id))


def _missing(what: str, pointer: str | None) -> NotFound:
    message = f"There is no such {what} for you."
    return NotFound(message, fields=[FieldError(pointer, message)] if pointer else ())
