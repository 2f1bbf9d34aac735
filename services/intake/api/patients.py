"""`patients` and `labels`: who somebody is. Names live here and nowhere else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.intake.api.answers import LabelPage, PatientChart, PatientPage, RegisteredView
from services.intake.api.courses import course_view
from services.intake.api.schemas import LabelQuery, PatientQuery, PatientRegistration
from services.intake.deps import Deps
from services.intake.store import courses, patients
from services.intake.store.tables import PatientRow
from services.intake.use_cases import reach
from services.intake.use_cases.register_patient import PossibleDuplicate, RegisterPatient, register_patient
from shared.web import context, paging
from shared.web.versions import created, versioned

blueprint = Blueprint("patients", __name__, description="Patients, and the labels that other pages show.")


@blueprint.route("/patients", methods=["POST"])
@blueprint.arguments(PatientRegistration)
@blueprint.response(201, RegisteredView)
def register(body: dict[str, Any]) -> Any:
    """Register a patient; likely duplicates are pointed out, never merged."""
    deps = context.deps(Deps)
    done = register_patient(
        context.uow(), RegisterPatient(**body), sites=deps.sites, rules=deps.rules, now=context.now()
    )
    answer = patient_view(done.patient) | {
        "possible_duplicates": [_duplicate_view(found) for found in done.possible_duplicates]
    }
    return created(answer, done.patient.version)


@blueprint.route("/patients", methods=["GET"])
@blueprint.arguments(PatientQuery, location="query")
@blueprint.response(200, PatientPage)
def search(query: dict[str, Any]) -> dict[str, Any]:
    """Find patients by the beginnings of names, record number, digits of the phone, or birth date."""
    typed = query["query"]
    statement = patients.found_by(
        patients.Search(typed) if typed is not None else None, sites=context.requested_sites()
    )
    rows = context.uow().session.scalars(
        paging.in_order(statement, query, updated_at=PatientRow.updated_at, record_id=PatientRow.patient_id)
    )
    page = paging.page(list(rows), query, place=_place, view=patient_view)
    for item in page["items"]:
        context.audit_read(
            "patient-found",
            patient_id=item["patient_id"],
            record_id=item["patient_id"],
            site_id=item["home_site_id"],
        )
    return page


@blueprint.route("/patients/<uuid:patient_id>", methods=["GET"])
@blueprint.response(200, PatientChart)
def read(patient_id: UUID) -> Any:
    """A patient, with the courses."""
    session = context.uow().session
    row = reach.patient(context.uow(), patient_id)
    held = courses.of_patient(session, patient_id)
    counts = courses.completed_counts(session, [course.course_id for course in held])
    answer = patient_view(row) | {"courses": [course_view(course, counts) for course in held]}
    context.audit_read("patient-read", patient_id=patient_id, record_id=patient_id, site_id=row.home_site_id)
    return versioned(answer, row.version)


@blueprint.route("/labels", methods=["GET"])
@blueprint.arguments(LabelQuery, location="query")
@blueprint.response(200, LabelPage)
def labels(query: dict[str, Any]) -> dict[str, Any]:
    """Names for the ids that another service's page shows. Ids that the reader may not see are left out.

    Audited like a board: once per reader, site and day.
    """
    sites = context.requested_sites()
    rows = patients.with_ids(context.uow().session, query["patient_id"], sites=sites)
    context.open_board("labels-opened", sites)
    return {"items": [_label(row) for row in rows], "next": None}


def _label(row: PatientRow) -> dict[str, Any]:
    return {
        "patient_id": row.patient_id,
        "name": name_of(row),
        "record_number": row.record_number,
        "birth_year": row.birth_date.year,
    }


def name_of(row: PatientRow) -> str:
    return f"{row.given_name} {row.family_name}"


def patient_view(row: PatientRow) -> dict[str, Any]:
    return {
        "patient_id": row.patient_id,
        "record_number": row.record_number,
        "family_name": row.family_name,
        "given_name": row.given_name,
        "name": name_of(row),
        "birth_date": row.birth_date,
        "phone": row.phone,
        "home_site_id": row.home_site_id,
        "registered_at": row.registered_at,
        "version": row.version,
    }


def _duplicate_view(found: PossibleDuplicate) -> dict[str, Any]:
    return {
        "patient_id": found.patient.patient_id,
        "record_number": found.patient.record_number,
        "name": name_of(found.patient),
        "birth_date": found.patient.birth_date,
        "because": [likeness.value for likeness in found.because],
    }


def _place(row: PatientRow) -> tuple[datetime, UUID]:
    return row.updated_at, row.patient_id
