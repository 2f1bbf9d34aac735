"""Audit: who read or wrote a patient's chart. Found by number, never by name; each service tells its own entries."""

from uuid import UUID

from flask import Blueprint, Response, request

from services.intake.store import patients
from services.intake.store.tables import PatientRow
from shared.kernel.errors import FieldError, Invalid, NotFound
from shared.web import context
from shared.web.fields import Body, Text
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.page import page, zone

blueprint = Blueprint("audit_page", __name__, template_folder="templates")

_TITLES = {"intake": "Intake", "discharge": "Recovery", "integration": "Integration", "maintenance": "Maintenance"}


class Number(Body):
    number = Text(64, required=True, error_messages={"required": "Type a record number or a patient’s id."})


@blueprint.get("/audit")
def show() -> Response:
    asked = request.args.get("patient_id", "")
    found = _by_number(asked) if asked else None
    if asked and found is None:
        raise NotFound("There is no such patient for you.")
    return _page(Typed(), found)


@blueprint.post("/audit")
def find() -> Response:
    def act() -> str:
        number = parsed(Number, zone=zone(), now=context.now())["number"]
        found = _by_number(number)
        if found is None:
            raise Invalid(
                FieldError("/number", "Nobody of your sites has this number."),
                message="Nobody was found: look at the number once more.",
            )
        return f"/intake/audit?patient_id={found.patient_id}"

    return attempt(act, again=lambda typed: _page(typed, None))


def _page(typed: Typed, found: PatientRow | None) -> Response:
    # whose chart it is stays a number here: who checks on readers needs no names
    return page("intake/audit.html", typed=typed, patient=found, services=_TITLES)


def _by_number(number: str) -> PatientRow | None:
    """The patient of that id or record number, when they are of the reader's sites."""
    sites, session = context.actor().sites, context.uow().session
    try:
        return next(iter(patients.with_ids(session, [UUID(number)], sites=sites)), None)
    except ValueError:
        return session.scalars(patients.of_record_number(number, sites=sites)).one_or_none()
