"""Book a session: find or register the patient, open a course, take a chair. Each step is a page of its own."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, Response, request
from marshmallow import fields

from services.intake.api.schemas import CourseOpening, PatientRegistration, SessionBooking
from services.intake.deps import Deps
from services.intake.domain.sessions import HOLDING_STATES
from services.intake.pages.today_rows import PRODUCT_WORDS
from services.intake.store import courses, patients, today
from services.intake.store.tables import PatientRow
from services.intake.use_cases import reach
from services.intake.use_cases.book_session import BookSession, book_session
from services.intake.use_cases.open_course import OpenCourse, open_course
from services.intake.use_cases.register_patient import RegisterPatient, possible_duplicates, register_patient
from shared.kernel.errors import Invalid
from shared.kernel.sites import Site
from shared.web import context
from shared.web.fields import Body, Text
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.page import page, the_site

blueprint = Blueprint("booking", __name__)

_MOST_FOUND = 20
_OPENS, _QUARTER = time(9), timedelta(minutes=15)


class Finding(Body):
    query = Text(100, required=True, error_messages={"required": "Type whom to look for."})


class Registering(PatientRegistration):
    """At a desk the home site is the desk's own."""

    home_site_id = Text(64)


class Opening(CourseOpening):
    patient_id = fields.UUID()
    site_id = Text(64)


class Booking(SessionBooking):
    course_id = fields.UUID()
    site_id = Text(64)


@blueprint.get("/booking")
def start() -> Response:
    return _start(Typed())


@blueprint.post("/booking/find")
def find() -> Response:
    """By POST, so that a name stands in no address, history or log."""
    site = the_site()
    try:
        query = parsed(Finding, zone=site.zone, now=context.now())["query"]
    except Invalid as error:
        return _start(Typed.refused(error), status=422)
    statement = patients.found_by(patients.Search(query), sites={site.site_id})
    ordered = statement.order_by(PatientRow.family_name, PatientRow.given_name).limit(_MOST_FOUND + 1)
    rows = list(context.uow().session.scalars(ordered))
    for row in rows:
        context.audit_read(
            "patient-found", patient_id=row.patient_id, record_id=row.patient_id, site_id=row.home_site_id
        )
    return _start(Typed(request.form), found=rows)


@blueprint.post("/booking/patients")
def register() -> Response:
    deps, site = context.deps(Deps), the_site()

    def act() -> str:
        body = parsed(Registering, zone=site.zone, now=context.now()) | {"home_site_id": site.site_id}
        done = register_patient(
            context.uow(), RegisterPatient(**body), sites=deps.sites, rules=deps.rules, now=context.now()
        )
        return f"/intake/booking/patients/{done.patient.patient_id}?done=registered"

    return attempt(act, again=lambda typed: _start(typed))


@blueprint.get("/booking/patients/<uuid:patient_id>")
def of_patient(patient_id: UUID) -> Response:
    return _of_patient(patient_id, Typed())


@blueprint.post("/booking/patients/<uuid:patient_id>/courses")
def open_(patient_id: UUID) -> Response:
    deps, site = context.deps(Deps), the_site()

    def act() -> str:
        typed = parsed(Opening, zone=site.zone, now=context.now())
        command = OpenCourse(**typed | {"patient_id": patient_id, "site_id": site.site_id})
        open_course(context.uow(), command, sites=deps.sites, rules=deps.rules, now=context.now())
        return f"/intake/booking/patients/{patient_id}?done=opened"

    return attempt(act, again=lambda typed: _of_patient(patient_id, typed))


@blueprint.post("/booking/courses/<uuid:course_id>/sessions")
def book(course_id: UUID) -> Response:
    deps, site = context.deps(Deps), the_site()
    course = reach.course(context.uow(), course_id)

    def act() -> str:
        typed = parsed(Booking, zone=site.zone, now=context.now())
        command = BookSession(**typed | {"course_id": course_id, "site_id": site.site_id})
        row = book_session(context.uow(), command, sites=deps.sites, rules=deps.rules, now=context.now())
        if site.local_day(row.starts_at) == site.local_day(context.now()):
            return f"/intake/today?done=booked&of={row.session_id}"
        return f"/intake/booking/patients/{course.patient_id}?done=booked&day={site.local_day(row.starts_at)}"

    return attempt(act, again=lambda typed: _of_patient(course.patient_id, typed))


def _start(typed: Typed, *, found: list[PatientRow] | None = None, status: int = 200) -> Response:
    """`found` None: nobody has searched yet."""
    return page("intake/booking.html", status=status, typed=typed, found=found, most=_MOST_FOUND)


def _of_patient(patient_id: UUID, typed: Typed) -> Response:
    uow, site, now = context.uow(), the_site(), context.now()
    row = reach.patient(uow, patient_id)
    held = courses.of_patient(uow.session, patient_id)
    day = _day(site, now)
    context.audit_read("patient-read", patient_id=patient_id, record_id=patient_id, site_id=row.home_site_id)
    return page(
        "intake/booking_patient.html",
        typed=typed,
        patient=row,
        courses=[course for course in held if course.site_id == site.site_id],
        counts=courses.completed_counts(uow.session, [course.course_id for course in held]),
        duplicates=possible_duplicates(uow, row, context.deps(Deps).rules),
        day=day,
        suggested=_suggested(site, day, now).strftime("%Y-%m-%dT%H:%M"),
        taken=_taken(site, day),
        products=PRODUCT_WORDS,
        product_choices=[(product.value, words) for product, words in PRODUCT_WORDS.items()],
        chairs=[(chair.chair_id, chair.name) for chair in site.chairs],
        done=request.args.get("done", ""),
    )


def _day(site: Site, now: datetime) -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return site.local_day(now)


def _suggested(site: Site, day: date, now: datetime) -> datetime:
    """Where the field starts from, local: the next quarter of an hour, or 09:00 on another day.

    A day without a time can't stand in it: browsers show nothing then.
    """
    local = now.astimezone(site.zone).replace(second=0, microsecond=0)
    if day != local.date():
        return datetime.combine(day, _OPENS, site.zone)
    return local + _QUARTER - timedelta(minutes=local.minute % 15)


def _taken(site: Site, day: date) -> list[tuple[str, list[tuple[datetime, datetime]]]]:
    """Chair by chair, the hours of `day` that are taken, earliest first."""
    lines = today.lines_of_day(context.uow().connection, site.site_id, *site.day_bounds(day))
    return [
        (
            chair.name,
            [
                (line.starts_at, line.ends_at)
                for line in lines
                if line.chair_id == chair.chair_id and line.state in HOLDING_STATES
            ],
        )
        for chair in site.chairs
    ]
