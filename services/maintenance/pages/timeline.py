"""What maintenance knows to have happened to a patient: scores, intervals, escalations; each by the reader's rights."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from uuid import UUID

from flask import Blueprint, Response

from services.maintenance.domain.escalations import EscalationState
from services.maintenance.domain.instruments import Instrument
from services.maintenance.domain.plan import PlanState
from services.maintenance.domain.policies.scoring import band_of
from services.maintenance.pages.escalation_words import KINDS
from services.maintenance.pages.trend_view import NAMES, band_words
from services.maintenance.store import assessments, escalations, plans
from services.maintenance.store.tables import AssessmentRow, EscalationRow, PlanChangeRow
from services.maintenance.use_cases.visible import visible_plan
from shared.web import context
from shared.web.pages.page import may
from shared.web.pages.section import section, unknown
from shared.web.pages.timeline import Happened, newest_first
from shared.web.pages.words import colleague

blueprint = Blueprint("maintenance_timeline", __name__, template_folder="templates")

_STATES = {
    PlanState.HOLD: ("player-pause", "Boosters on hold."),
    PlanState.REVIEW: ("stethoscope", "A prescriber is asked to look."),
}


@blueprint.get("/patients/<uuid:patient_id>/timeline")
def show(patient_id: UUID) -> Response:
    session, actor = context.uow().session, context.actor()
    plan = visible_plan(context.uow(), patient_id)
    if plan is None:
        return unknown("Nothing yet.", title="Maintenance", patient_id=patient_id)
    entries: list[Happened] = []
    if may("GET /maintenance/patients/{patient_id}/trend", actor):
        entries += _scores(session.scalars(assessments.of_patient(patient_id, None)))
    if may("GET /maintenance/patients/{patient_id}/plan", actor):
        entries += _changes(plans.history(session, patient_id))
    if may("GET /maintenance/escalations", actor):
        entries += _escalations(escalations.of_patient(session, patient_id))
    context.audit_read("timeline-read", patient_id=patient_id, record_id=patient_id, site_id=plan.site_id)
    return section(
        "timeline.html",
        title="Timeline, maintenance",
        patient_id=patient_id,
        source="Maintenance",
        entries=newest_first(entries),
    )


def _scores(rows: Iterable[AssessmentRow]) -> Iterator[Happened]:
    for row in rows:
        band = band_words(band_of(row.instrument, row.score))
        words = f"{NAMES[row.instrument]} {row.score}{', ' + band if band else ''}."
        item_9 = f"Item 9: {row.suicide_answer}." if row.instrument is Instrument.PHQ_9 else ""
        yield Happened(row.taken_at, "chart-line", words, item_9)


def _changes(history: Iterable[PlanChangeRow]) -> Iterator[Happened]:
    known = list(history)
    for before, change in pairwise([None, *known]):
        if change is None:
            continue
        was = None if before is None else before.interval_days
        if change.interval_days is not None and change.interval_days != was:
            arrow = f"{was} → {change.interval_days} days" if was else f"{change.interval_days} days"
            yield Happened(change.at, "adjustments", f"Interval {arrow}.", _sentence(change))
        elif change.state in _STATES and (before is None or before.state is not change.state):
            glyph, words = _STATES[change.state]
            yield Happened(change.at, glyph, words, _sentence(change))


def _escalations(rows: Iterable[EscalationRow]) -> Iterator[Happened]:
    for row in rows:
        yield Happened(
            row.raised_at, "bell", f"{KINDS[row.kind].words}.", "Open." if row.state is EscalationState.OPEN else ""
        )
        if row.acknowledged_at is not None and row.acknowledged_at != row.resolved_at:
            yield Happened(
                row.acknowledged_at,
                "eye",
                f"Acknowledged: {KINDS[row.kind].words.lower()}.",
                f"By {colleague(row.acknowledged_by_name, row.acknowledged_by)}.",
            )
        if row.resolved_at is not None:
            yield Happened(
                row.resolved_at,
                "check",
                f"Resolved: {KINDS[row.kind].words.lower()}.",
                f"By {colleague(row.resolved_by_name, row.resolved_by)}.",
            )


def _sentence(change: PlanChangeRow) -> str:
    return f"{change.explanation[:1].upper()}{change.explanation[1:]}."
