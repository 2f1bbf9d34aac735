"""PHQ-9 and GAD-7 over time, as a drawing and as a table, and the forms to enter one item by item."""

from uuid import UUID

from flask import Blueprint, Response, request
from marshmallow import fields

from services.maintenance.api.crisis import crisis_lines
from services.maintenance.deps import Deps
from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.instruments import FORMS, Instrument
from services.maintenance.domain.policies.escalation import raised_by_answer
from services.maintenance.pages.questions import QUESTIONNAIRES
from services.maintenance.pages.trend_view import drawing_of, lines_of, sentence
from services.maintenance.store import assessments, courses
from services.maintenance.store.tables import AssessmentRow
from services.maintenance.use_cases.record_assessment import RecordAssessment, record_assessment
from services.maintenance.use_cases.visible import plan_if_known
from shared.kernel.errors import FieldError, Invalid, NotFound
from shared.web import context
from shared.web.fields import Body, Choice, Instant
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.page import the_site, zone
from shared.web.pages.section import section, unknown

blueprint = Blueprint("trend", __name__, template_folder="templates")

TITLE = "PHQ-9"


class Shared(Body):
    """What every form of answers says beside its answers."""

    instrument = Choice(Instrument, required=True)
    taken_at = Instant(load_default=None, allow_none=True)


# a form field an item, so that each can be refused by its own name
_FORMS: dict[Instrument, type[Shared]] = {
    instrument: type(
        f"Answers{instrument.name}",
        (Shared,),
        {f"item_{n}": fields.String(load_default=None) for n in range(1, FORMS[instrument].items + 1)},
    )
    for instrument in QUESTIONNAIRES
}


@blueprint.get("/patients/<uuid:patient_id>/trend")
def show(patient_id: UUID) -> Response:
    return _section(patient_id, Typed(), opened=_known(request.args.get("form", "")))


@blueprint.post("/patients/<uuid:patient_id>/assessments")
def record(patient_id: UUID) -> Response:
    """Score the form and keep it; an answer that puts people on call does so at once."""
    plan_if_known(context.uow(), patient_id)
    instrument = _known(request.form.get("instrument", ""))
    if instrument is None:
        raise Invalid(FieldError("/instrument", "Choose one of the forms on the page."))

    def act() -> str:
        deps, now = context.deps(Deps), context.now()
        body = parsed(_FORMS[instrument], zone=zone(), now=now)
        known = plan_if_known(context.uow(), patient_id)
        asked = RecordAssessment(
            patient_id=patient_id,
            # a patient whom no event has named yet is filed where the reader works now
            site_id=the_site().site_id if known is None else None,
            instrument=instrument,
            answers=_answers(body, instrument),
            taken_at=body["taken_at"],
        )
        done = record_assessment(context.uow(), asked, rules=deps.rules, sites=deps.sites, now=now)
        return f"/maintenance/patients/{patient_id}/trend?recorded={done.row.assessment_id}"

    return attempt(act, again=lambda typed: _section(patient_id, typed, opened=instrument))


def _answers(body: dict[str, str | None], instrument: Instrument) -> tuple[int, ...]:
    """Raises Invalid for items left out: none is ever filled in for somebody."""
    told = [body[f"item_{n}"] for n in range(1, FORMS[instrument].items + 1)]
    highest = FORMS[instrument].highest_answer
    missing = [
        FieldError(f"/item_{n}", "Choose an answer.")
        for n, answer in enumerate(told, 1)
        if answer not in {str(value) for value in range(highest + 1)}
    ]
    if missing:
        raise Invalid(*missing, message="Nothing was saved yet: every item needs an answer.")
    return tuple(int(answer) for answer in told if answer is not None)


def _section(patient_id: UUID, typed: Typed, *, opened: Instrument | None) -> Response:
    session = context.uow().session
    try:
        # a patient whom nobody has filed yet may have a first score; a stranger's is no page
        plan = plan_if_known(context.uow(), patient_id)
    except NotFound:
        return unknown("No questionnaire yet.", title=TITLE, patient_id=patient_id)
    rows = sorted(session.scalars(assessments.of_patient(patient_id, None)), key=lambda row: (row.taken_at, row.order))
    given = [row for row in courses.sessions_of(session, patient_id) if row.stands]
    context.audit_read(
        "assessments-read", patient_id=patient_id, record_id=patient_id, site_id=None if plan is None else plan.site_id
    )
    recorded = _recorded(rows)
    return section(
        "maintenance/trend.html",
        title=TITLE,
        patient_id=patient_id,
        typed=typed,
        sentence=sentence(rows, given, zone()),
        drawing=drawing_of(rows, given, zone()),
        lines=lines_of(rows),
        opened=opened,
        questionnaires=QUESTIONNAIRES,
        recorded=recorded,
        raised=None if recorded is None else _raised(recorded),
        crisis=crisis_lines(context.deps(Deps).rules),
    )


def _recorded(rows: list[AssessmentRow]) -> AssessmentRow | None:
    """What was just entered, for the words that follow it."""
    asked = request.args.get("recorded", "")
    return next((row for row in rows if str(row.assessment_id) == asked), None)


def _raised(row: AssessmentRow) -> EscalationKind | None:
    return raised_by_answer(row.suicide_answer, context.deps(Deps).rules.escalation)


def _known(text: str) -> Instrument | None:
    return next((instrument for instrument in QUESTIONNAIRES if instrument.value == text), None)
