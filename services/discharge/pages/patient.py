"""What the patient's page shows of recovery: whether they may drive, and what happened in the chair."""

from uuid import UUID

from flask import Blueprint, Response

from services.discharge.api.schemas import SleepAttestationBody
from services.discharge.deps import Deps
from services.discharge.pages.restriction_view import restriction_card
from services.discharge.pages.timeline_entries import entries_of
from services.discharge.store.charts import charts_of
from services.discharge.store.recoveries import attestations_of, change_rows, find, of_patient
from services.discharge.use_cases.attest_sleep import WordOnSleep, attest_sleep
from services.discharge.use_cases.read_restriction import restriction_of
from shared.web import context
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.page import zone
from shared.web.pages.section import section
from shared.web.pages.timeline import newest_first

blueprint = Blueprint("patient_sections", __name__, template_folder="templates")


@blueprint.get("/patients/<uuid:patient_id>/restriction")
def restriction(patient_id: UUID) -> Response:
    return _restriction(patient_id, Typed())


@blueprint.post("/recoveries/<uuid:session_id>/sleep-word")
def sleep_word(session_id: UUID) -> Response:
    """The patient's word on the night, told to a nurse on the phone."""
    row = find(context.uow().session, session_id, context.actor())
    patient_id = row.patient_id

    def act() -> str:
        now = context.now()
        word = WordOnSleep(**parsed(SleepAttestationBody, zone=zone(), now=now))
        attest_sleep(context.uow(), session_id, word, book=context.deps(Deps).book, now=now)
        return f"/discharge/patients/{patient_id}/restriction"

    return attempt(act, again=lambda typed: _restriction(patient_id, typed))


@blueprint.get("/patients/<uuid:patient_id>/timeline")
def timeline(patient_id: UUID) -> Response:
    session = context.uow().session
    rows = of_patient(session, patient_id, context.actor())
    entries = [
        entry
        for row, chart in zip(rows, charts_of(session, rows), strict=True)
        for entry in entries_of(
            row,
            chart,
            attestations=attestations_of(session, row.session_id),
            changes=change_rows(session, row.session_id),
        )
    ]
    site_id = rows[0].site_id if rows else None
    context.audit_read("timeline-read", patient_id=patient_id, record_id=patient_id, site_id=site_id)
    return section(
        "timeline.html",
        title="Timeline, recovery",
        patient_id=patient_id,
        source="Recovery",
        entries=newest_first(entries),
    )


def _restriction(patient_id: UUID, typed: Typed) -> Response:
    uow, book, now = context.uow(), context.deps(Deps).book, context.now()
    rows = of_patient(uow.session, patient_id, context.actor())
    card = None
    if rows:
        row = rows[0]
        explained = restriction_of(uow, row, book=book, now=now)
        card = restriction_card(row, explained, rules=book.driving(row.site_id), now=now)
        context.audit_read(
            "driving-restriction-read", patient_id=patient_id, record_id=row.session_id, site_id=row.site_id
        )
    return section(
        "discharge/restriction.html", title="Driving restriction", patient_id=patient_id, card=card, typed=typed
    )
