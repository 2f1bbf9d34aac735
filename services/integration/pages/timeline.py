"""What integration knows to have happened to a patient: windows, journals without words, psychotherapy."""

from collections.abc import Iterable, Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from services.integration.domain.journal import Sharing
from services.integration.domain.kap import KapState
from services.integration.domain.policies.sharing import Reach, reach_of
from services.integration.domain.prompts import PromptState
from services.integration.pages.window import READS_TALKS, journal_words
from services.integration.pages.window_drawing import POSITIONS, PRACTICES
from services.integration.store import journals, kap_appointments, windows
from services.integration.store.tables import JournalRow, KapAppointmentRow, WindowRow
from services.integration.store.windows import Around
from shared.web import context
from shared.web.pages.section import section, unknown
from shared.web.pages.timeline import Happened, newest_first
from shared.web.pages.words import colleague, count, moment

blueprint = Blueprint("integration_timeline", __name__, template_folder="templates")

_TALKS = {
    KapState.BOOKED: "booked",
    KapState.ATTENDED: "attended",
    KapState.MISSED: "missed",
    KapState.CANCELLED: "cancelled",
}


@blueprint.get("/patients/<uuid:patient_id>/timeline")
def show(patient_id: UUID) -> Response:
    session, actor, now = context.uow().session, context.actor(), context.now()
    rows = windows.of_patient(session, patient_id, sites=actor.sites)
    if not rows:
        return unknown("No window yet.", title="Integration", patient_id=patient_id)
    around = windows.around(session, [row.session_id for row in rows])
    ended = [row for row in rows if row.closes_at <= now and row.withdrawn_at is None]
    entries = [_closed(row, around[row.session_id]) for row in ended]
    entries += _journals(journals.of_patient(session, patient_id, sites=actor.sites), reach_of(actor))
    if actor.has(*READS_TALKS):
        asked = kap_appointments.of_sites(actor.sites, patient_id=patient_id, session_id=None)
        entries += _talks(session.scalars(asked), ZoneInfo(rows[0].time_zone))
    context.audit_read("timeline-read", patient_id=patient_id, record_id=patient_id, site_id=rows[0].site_id)
    return section(
        "timeline.html",
        title="Timeline, integration",
        patient_id=patient_id,
        source="Integration",
        entries=newest_first(entries),
    )


def _closed(row: WindowRow, around: Around) -> Happened:
    sent = sum(prompt.state is PromptState.SENT for prompt in around.prompts)
    return Happened(
        row.closes_at, "notebook", f"Window closed: {count(sent, 'prompt')} sent, {journal_words(around.journals)}."
    )


def _journals(rows: Iterable[JournalRow], reach: Reach) -> Iterator[Happened]:
    for row in rows:
        position = POSITIONS[row.window_position]
        if reach.covers(patient_id=row.patient_id, site_id=row.site_id, sharing=row.sharing):
            shared = "Shared with the care team." if row.sharing is Sharing.CARE_TEAM else "Shared with the therapist."
            words = PRACTICES[row.practice]
        elif row.sharing is Sharing.PRIVATE:
            shared, words = "Kept private.", "An entry"
        else:
            shared, words = "Shared with their therapist only.", PRACTICES[row.practice]
        asks = " Wants to talk to someone." if row.contact_requested else ""
        yield Happened(row.written_at, "notebook", f"{words}: {position}.{asks}", shared)


def _talks(rows: Iterable[KapAppointmentRow], zone: ZoneInfo) -> Iterator[Happened]:
    for row in rows:
        words = f"Psychotherapy {_TALKS[row.state]}, {row.duration_minutes} min."
        if row.state is KapState.BOOKED:
            words = (
                f"Psychotherapy booked for {moment(row.starts_at, zone, row.updated_at)}, {row.duration_minutes} min."
            )
        at = row.starts_at if row.state in {KapState.ATTENDED, KapState.MISSED} else row.updated_at
        yield Happened(at, "diamond", words, f"With {colleague(row.therapist_name, row.therapist)}.")
