"""A patient's page: what intake knows, and the places where the other three services draw their parts.

The search is posted: what people type names somebody, and no address, history, referrer or log may keep that.
"""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request

from services.intake.api.readers import may_read_names
from services.intake.deps import Deps
from services.intake.pages.patient_view import Chart, chart_of, stripes_of
from services.intake.store import courses, patients, sessions
from services.intake.use_cases import reach
from shared.kernel.errors import Invalid
from shared.web import context
from shared.web.fields import Body, Text
from shared.web.pages.forms import Typed, parsed
from shared.web.pages.page import local_now, page, zone

blueprint = Blueprint("patient", __name__, template_folder="templates")

_MOST_FOUND = 50


class Search(Body):
    query = Text(100, required=True, error_messages={"required": "Type a name, record number, phone or birth date."})


@blueprint.get("/patients")
def show_search() -> Response:
    return page("intake/patients.html", typed=Typed(), found=None, more=False)


@blueprint.post("/patients")
def search() -> Response:
    """Those whom the reader may see, by the beginnings of names, record number, digits of the phone, or birth date."""
    try:
        asked: str = parsed(Search, zone=zone(), now=context.now())["query"]
    except Invalid as error:
        return page("intake/patients.html", status=422, typed=Typed.refused(error), found=None, more=False)
    session = context.uow().session
    rows = session.scalars(patients.by_name(patients.Search(asked), sites=context.actor().sites, limit=_MOST_FOUND + 1))
    found = list(rows)
    for row in found[:_MOST_FOUND]:
        context.audit_read(
            "patient-found", patient_id=row.patient_id, record_id=row.patient_id, site_id=row.home_site_id
        )
    stripes = stripes_of(courses.of_patients(session, [row.patient_id for row in found]))
    return page(
        "intake/patients.html",
        typed=Typed(request.form),
        found=[(row, stripes.get(row.patient_id, "")) for row in found[:_MOST_FOUND]],
        more=len(found) > _MOST_FOUND,
        site_names=_site_names(),
    )


@blueprint.get("/patients/<uuid:patient_id>")
def show(patient_id: UUID) -> Response:
    """The page; a reader who may only know whose chart it is gets no more of intake's than the label."""
    row = reach.patient(context.uow(), patient_id)
    context.audit_read("patient-read", patient_id=patient_id, record_id=patient_id, site_id=row.home_site_id)
    chart = _chart(patient_id) if may_read_names(context.actor()) else None
    home = _site_names().get(row.home_site_id, row.home_site_id)
    return page("intake/patient.html", patient=row, chart=chart, home=home, age=_age(row.birth_date))


def _age(born: date) -> int:
    today = local_now().date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _site_names() -> dict[str, str]:
    return {site.site_id: site.name for site in context.deps(Deps).sites.values()}


def _chart(patient_id: UUID) -> Chart:
    session, deps = context.uow().session, context.deps(Deps)
    held = courses.of_patient(session, patient_id)
    rows = sessions.of_patient(session, patient_id, sites=context.actor().sites)
    return chart_of(
        held,
        rows,
        counts=courses.completed_counts(session, [course.course_id for course in held]),
        changes=sessions.changes_of_all(session, [row.session_id for row in rows]),
        sites=deps.sites,
        zone=zone(),
        now=context.now(),
    )
