"""A patient's latest window as the patient's page shows it, with what its readers may read, and the windows before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from services.integration.deps import Deps
from services.integration.domain.journal import Words
from services.integration.domain.kap import KapPhase, KapState
from services.integration.domain.policies.sharing import reach_of
from services.integration.domain.step import StepState
from services.integration.domain.window import WindowPosition, WindowState
from services.integration.pages.window_drawing import POSITIONS, PRACTICES, Drawing, draw_window
from services.integration.store import action_steps, journals, kap_appointments, psychotherapy_notes, windows
from services.integration.store.tables import ActionStepRow, JournalRow, KapAppointmentRow, WindowRow
from services.integration.store.windows import Around
from shared.kernel.people import Role
from shared.web import context
from shared.web.pages.section import section, unknown
from shared.web.pages.words import count, moment, span

blueprint = Blueprint("window", __name__, template_folder="templates")

TITLE = "Integration window"
NO_WINDOW = "No window yet. It appears when the patient has left after a session."
_TALKS_SHOWN = 6
READS_TALKS = (Role.THERAPIST, Role.PRESCRIBER, Role.MEDICAL_DIRECTOR)
_CHIPS = {
    WindowState.UPCOMING: ("wait", "hourglass", "Upcoming"),
    WindowState.OPEN: ("ok", "circle-check", "Open"),
    WindowState.CLOSED: ("wait", "history", "Closed"),
}


@dataclass(frozen=True, slots=True)
class Readable:
    """A journal whose words this reader may read."""

    row: JournalRow
    practice: str
    position: str
    words: Words


@dataclass(frozen=True, slots=True)
class Talk:
    """An appointment for those who may see it; `note` is what its own therapist may do with the note, else empty."""

    row: KapAppointmentRow
    note: str


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier window in a few counts; `talks` is None for a reader who may not see appointments."""

    row: WindowRow
    journals: str
    talks: str | None
    steps: str


@blueprint.get("/patients/<uuid:patient_id>/window")
def show(patient_id: UUID) -> Response:
    session, now = context.uow().session, context.now()
    rows = windows.of_patient(session, patient_id, sites=context.actor().sites)
    if not rows:
        return unknown(NO_WINDOW, title=TITLE, patient_id=patient_id)
    context.audit_read("windows-read", patient_id=patient_id, record_id=patient_id, site_id=rows[0].site_id)
    around = windows.around(session, [row.session_id for row in rows])
    talks = talks_of(patient_id)
    steps = _steps(patient_id)
    latest = rows[0]
    mine = [talk for talk in talks if talk.session_id == latest.session_id]
    readable = readable_of(latest)
    shown: dict[str, Any] = {
        "row": latest,
        "drawing": drawing_of(latest, around[latest.session_id], mine, now),
        "head": head_words(latest, around[latest.session_id], mine if context.actor().has(*READS_TALKS) else None, now),
        "chip_words": _CHIPS[windows.span(latest).state(now=now)],
        "prompts": around[latest.session_id].prompts,
        "patient_zone": ZoneInfo(latest.time_zone),
        "talks": told_talks(talks, now)[:_TALKS_SHOWN] if context.actor().has(*READS_TALKS) else None,
        "journals": readable,
        "unread": sum(around[latest.session_id].journals.values()) - len(readable),
        "before": [_before(row, around[row.session_id], talks, steps) for row in rows[1:]],
    }
    return section("integration/window.html", title=TITLE, patient_id=patient_id, **shown)


def head_words(row: WindowRow, around: Around, talks: list[KapAppointmentRow] | None, now: datetime) -> str:
    """ "Opens in 21 h 38 min · 1 early journal · psychotherapy booked"."""
    match windows.span(row).state(now=now):
        case WindowState.UPCOMING:
            words = [f"Opens in {span(row.opens_at - now)}"]
        case WindowState.OPEN:
            words = [f"Closes in {span(row.closes_at - now)}"]
        case WindowState.CLOSED:
            words = [
                "Withdrawn: its session was entered in error"
                if row.withdrawn_at
                else f"Closed {moment(row.closes_at, ZoneInfo(row.time_zone), now)}"
            ]
    words.append(journal_words(around.journals))
    if talks is not None:
        words.append(_talk_words({talk.state for talk in talks}))
    return " · ".join(words)


def _talk_words(states: Collection[KapState]) -> str:
    """One that was held says more than one to come, and one to come more than one that was missed."""
    for state in (KapState.ATTENDED, KapState.BOOKED, KapState.MISSED):
        if state in states:
            return f"psychotherapy {state.value}"
    return "no psychotherapy booked"


def journal_words(counts: dict[WindowPosition, int]) -> str:
    """ "3 journals in the window, 1 late"."""
    inside = counts.get(WindowPosition.IN_WINDOW, 0)
    others = [f"{counts[p]} {p.value}" for p in (WindowPosition.EARLY, WindowPosition.LATE) if counts.get(p)]
    if not inside and others:
        return f"{' and '.join(others)} journal{'' if sum(counts.values()) == 1 else 's'}"
    return ", ".join([f"{count(inside, 'journal')} in the window", *others]) if inside else "no journals"


def talks_of(patient_id: UUID) -> list[KapAppointmentRow]:
    if not context.actor().has(*READS_TALKS):
        return []
    asked = kap_appointments.of_sites(context.actor().sites, patient_id=patient_id, session_id=None)
    return sorted(context.uow().session.scalars(asked), key=lambda talk: talk.starts_at)


def told_talks(talks: list[KapAppointmentRow], now: datetime) -> list[Talk]:
    """The latest first, each with what this reader may do with its note: only its therapist has one."""
    me = context.actor().subject
    noted = psychotherapy_notes.noted(context.uow().session, me, [talk.appointment_id for talk in talks])
    return [
        Talk(row, _note_words(row, is_noted=row.appointment_id in noted, now=now) if row.therapist == me else "")
        for row in reversed(talks)
    ]


def _note_words(row: KapAppointmentRow, *, is_noted: bool, now: datetime) -> str:
    if is_noted:
        return "Open the note"
    return "Write the note" if row.state is not KapState.CANCELLED and row.starts_at <= now else ""


def _steps(patient_id: UUID) -> list[ActionStepRow]:
    actor = context.actor()
    asked = action_steps.within(reach_of(actor), sites=actor.sites, patient_id=patient_id, session_id=None)
    return list(context.uow().session.scalars(asked))


def drawing_of(row: WindowRow, around: Around, talks: list[KapAppointmentRow], now: datetime) -> Drawing:
    written = journals.of_session(context.uow().session, row.session_id)
    return draw_window(
        row,
        around.prompts,
        journals=[journal.written_at for journal in written],
        talks=[talk.starts_at for talk in talks if talk.state is not KapState.CANCELLED],
        rules=context.deps(Deps).rules.prompts,
        now=now,
    )


def readable_of(row: WindowRow) -> list[Readable]:
    """Newest first; reading words is entered in the patient's audit."""
    actor, session = context.actor(), context.uow().session
    asked = journals.within(reach_of(actor), sites=actor.sites, patient_id=row.patient_id, session_id=row.session_id)
    rows = sorted(session.scalars(asked), key=lambda journal: journal.written_at, reverse=True)
    if rows:
        context.audit_read("journals-read", patient_id=row.patient_id, record_id=row.patient_id, site_id=row.site_id)
    words = journals.words_of(session, rows, sealer=context.deps(Deps).sealer)
    return [Readable(j, PRACTICES[j.practice], POSITIONS[j.window_position], words[j.journal_id]) for j in rows]


def _before(row: WindowRow, around: Around, talks: list[KapAppointmentRow], steps: list[ActionStepRow]) -> Before:
    mine = [s for s in steps if s.session_id == row.session_id]
    done = sum(s.state is StepState.DONE for s in mine)
    held = [t for t in talks if t.session_id == row.session_id and t.phase is KapPhase.INTEGRATION]
    told = None
    if context.actor().has(*READS_TALKS):
        told = ", ".join(f"{t.state.value}, {t.duration_minutes} min" for t in held) or "none"
    return Before(
        row, journal_words(around.journals), told, f"{len(mine)} set, {done} done" if mine else "none that you may read"
    )
