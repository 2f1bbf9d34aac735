"""A patient's line to the prescriber, and the weeks they told of; both inform people."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request

from services.maintenance.api.schemas import MessageBody
from services.maintenance.deps import Deps
from services.maintenance.domain.lifestyle import DAYS_A_WEEK, weeks_open
from services.maintenance.store import check_ins, threads
from services.maintenance.store.tables import CheckInRow, MessageRow, ThreadRow
from services.maintenance.use_cases.check_in_lifestyle import CheckInLifestyle, check_in_lifestyle
from services.maintenance.use_cases.send_message import send_message
from services.maintenance.use_cases.visible import plan_for, visible_plan
from shared.kernel.errors import NotFound
from shared.web import context
from shared.web.fields import Body, Day, Whole
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.page import may, zone
from shared.web.pages.section import section, unknown

blueprint = Blueprint("messages", __name__, template_folder="templates")

TITLE = "Messages and weekly check-ins"
_WEEKS = 6
_MESSAGES = 20


class ToldWeek(Body):
    """The API's check-in of a patient whom the page already names."""

    week_starts_on = Day(required=True)
    active_days = Whole(0, DAYS_A_WEEK, load_default=None)
    restful_nights = Whole(0, DAYS_A_WEEK, load_default=None)
    balanced_days = Whole(0, DAYS_A_WEEK, load_default=None)


@blueprint.get("/patients/<uuid:patient_id>/messages")
def show(patient_id: UUID) -> Response:
    return _section(patient_id, Typed())


@blueprint.post("/patients/<uuid:patient_id>/messages")
def send(patient_id: UUID) -> Response:
    def act() -> str:
        plan_for(context.uow(), patient_id)
        body = parsed(MessageBody, zone=zone(), now=context.now())
        thread = _thread(patient_id)
        if thread is None:
            raise NotFound("There is no such thread here.")
        sealer = context.deps(Deps).sealer
        send_message(context.uow(), thread.thread_id, body["text"], sealer=sealer, now=context.now())
        return f"/maintenance/patients/{patient_id}/messages"

    return attempt(act, again=lambda typed: _section(patient_id, typed))


@blueprint.post("/patients/<uuid:patient_id>/check-ins")
def check_in(patient_id: UUID) -> Response:
    """Keep a week as the patient told it to a nurse."""
    plan_for(context.uow(), patient_id)

    def act() -> str:
        told = parsed(ToldWeek, zone=zone(), now=context.now())
        asked = CheckInLifestyle(patient_id=patient_id, site_id=None, **told)
        kept = check_in_lifestyle(context.uow(), asked, sites=context.deps(Deps).sites, now=context.now())
        return f"/maintenance/patients/{patient_id}/messages?kept={kept.week_starts_on.isoformat()}"

    return attempt(act, again=lambda typed: _section(patient_id, Typed(), told=typed))


def _section(patient_id: UUID, typed: Typed, *, told: Typed | None = None) -> Response:
    """`typed` is a message that comes back refused, `told` a week."""
    plan = visible_plan(context.uow(), patient_id)
    if plan is None:
        return unknown("Nothing yet. Messages and weeks appear here.", title=TITLE, patient_id=patient_id)
    reads_words = may("POST /maintenance/patients/{patient_id}/messages", context.actor())
    thread = _thread(patient_id) if reads_words else None
    said = [] if thread is None else _said(thread)
    weeks = _weeks(patient_id)
    if thread is not None:
        context.audit_read("thread-read", patient_id=patient_id, record_id=patient_id, site_id=plan.site_id)
    context.audit_read("lifestyle-read", patient_id=patient_id, record_id=patient_id, site_id=plan.site_id)
    return section(
        "maintenance/messages.html",
        title=TITLE,
        patient_id=patient_id,
        typed=typed,
        thread=thread,
        reads_words=reads_words,
        said=[(row, _text(row)) for row in said[-_MESSAGES:]],
        more=max(len(said) - _MESSAGES, 0),
        weeks=weeks,
        told=told or Typed(),
        kept=next(
            (week.week_starts_on for week in weeks if str(week.week_starts_on) == request.args.get("kept")), None
        ),
        untold=_untold(weeks, plan.site_id),
        me_subject=context.actor().subject,
    )


def _thread(patient_id: UUID) -> ThreadRow | None:
    return context.uow().session.scalars(threads.of_patient(patient_id)).one_or_none()


def _said(thread: ThreadRow) -> list[MessageRow]:
    return threads.messages_of(context.uow().session, [thread.thread_id]).get(thread.thread_id, [])


def _text(row: MessageRow) -> str:
    return context.deps(Deps).sealer.open_text(row.text_sealed, bound_to=threads.text_place(row.message_id))


def _weeks(patient_id: UUID) -> list[CheckInRow]:
    newest_first = check_ins.of_patient(patient_id).order_by(CheckInRow.week_starts_on.desc()).limit(_WEEKS)
    return list(context.uow().session.scalars(newest_first))


def _kept(weeks: list[CheckInRow]) -> date | None:
    """The week that was just kept, for the words that say so."""
    asked = request.args.get("kept", "")
    return next((week.week_starts_on for week in weeks if week.week_starts_on.isoformat() == asked), None)


def _untold(weeks: list[CheckInRow], site_id: str) -> list[date]:
    """The Mondays of the weeks that nobody told of and somebody still may, newest first."""
    site, now = context.deps(Deps).sites.get(site_id), context.now()
    today = site.local_day(now) if site else now.astimezone(zone()).date()
    known = {week.week_starts_on for week in weeks}
    return [monday for monday in weeks_open(today) if monday not in known]
