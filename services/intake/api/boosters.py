"""`boosters`: whom to call, most urgent first."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.intake.api.answers import BoosterPage
from services.intake.api.patients import name_of
from services.intake.api.readers import may_read_names
from services.intake.api.schemas import BoosterQuery
from services.intake.deps import Deps
from services.intake.domain.boosters import Booking, BoosterState, state_of
from services.intake.domain.policies.urgency import days_overdue, urgency_of
from services.intake.store import boosters
from services.intake.store.tables import BoosterRow, CourseRow, PatientRow
from shared.web import context, paging

blueprint = Blueprint("boosters", __name__, description="Boosters to call.")

_CLOSED = (BoosterState.WITHDRAWN, BoosterState.FULFILLED)
_Line = tuple[BoosterRow, PatientRow | None, CourseRow | None]


@blueprint.route("/boosters", methods=["GET"])
@blueprint.arguments(BoosterQuery, location="query")
@blueprint.response(200, BoosterPage)
def worklist(query: dict[str, Any]) -> dict[str, Any]:
    """Every cycle that maintenance asked for, in any state or in those of `?state=`.

    Pages follow each other by last change; within a page the open ones come first, the most overdue on top.
    """
    sites = context.requested_sites()
    statement = paging.in_order(
        boosters.to_call(sites, query["state"]),
        query,
        updated_at=BoosterRow.updated_at,
        record_id=BoosterRow.booster_id,
    )
    lines: list[_Line] = [(row, patient, course) for row, patient, course in context.uow().session.execute(statement)]
    page = paging.page(lines, query, place=_place, view=_view)
    page["items"].sort(key=_rank)
    context.open_board("boosters-opened", sites)
    return page


def _view(line: _Line) -> dict[str, Any]:
    row, patient, course = line
    state = state_of(row.word, Booking.NONE if row.session_id is None else Booking.STANDS)
    today = _today(row.site_id)
    named = patient if may_read_names(context.actor()) else None
    # nobody calls a patient on hold: a clinician is in contact
    callable_ = named if state is not BoosterState.HELD else None
    rules = context.deps(Deps).rules.urgency
    return {
        "booster_id": row.booster_id,
        "patient_id": row.patient_id,
        "course_id": row.course_id,
        "site_id": row.site_id,
        "cycle": row.cycle,
        "due_on": row.due_on,
        "days_overdue": days_overdue(row.due_on, today=today),
        "interval_days": row.interval_days,
        "state": state.value,
        "urgency": None if state in _CLOSED else urgency_of(row.due_on, rules, today=today).value,
        "reason": row.reason,
        "session_id": row.session_id,
        "product": course.product.value if course else None,
        "name": name_of(named) if named else None,
        "record_number": named.record_number if named else None,
        "phone": callable_.phone if callable_ else None,
        "updated_at": row.updated_at,
    }


def _today(site_id: str) -> date:
    """The site's local day; UTC's for a site that the sites file has dropped."""
    site = context.deps(Deps).sites.get(site_id)
    return site.local_day(context.now()) if site else context.now().date()


def _rank(item: dict[str, Any]) -> tuple[bool, int]:
    return item["urgency"] is None, -item["days_overdue"]


def _place(line: _Line) -> tuple[datetime, UUID]:
    return line[0].updated_at, line[0].booster_id
