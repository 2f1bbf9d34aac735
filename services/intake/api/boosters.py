"""`boosters`: whom to call, most urgent first, and what came of calling."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.intake.api.answers import BoosterPage, BoosterView, CallPage
from services.intake.api.booster_view import booster_view, call_view
from services.intake.api.schemas import BoosterQuery, Nothing, OutcomeRecording, Snoozing
from services.intake.deps import Deps
from services.intake.domain.policies.calling import Word
from services.intake.store import boosters, calls
from services.intake.store.tables import BoosterRow
from services.intake.use_cases import reach
from services.intake.use_cases.record_booster_outcome import RecordOutcome, record_booster_outcome
from services.intake.use_cases.show_boosters import BoosterLine, line_of, lines_of
from services.intake.use_cases.snooze_booster import Snooze, bring_back_booster, snooze_booster
from services.intake.use_cases.undo_booster_outcome import undo_booster_outcome
from shared.web import context, paging

blueprint = Blueprint("boosters", __name__, description="Boosters to call.")


@blueprint.route("/boosters", methods=["GET"])
@blueprint.arguments(BoosterQuery, location="query")
@blueprint.response(200, BoosterPage)
def worklist(query: dict[str, Any]) -> dict[str, Any]:
    """Every cycle that maintenance asked for, in any state or in those of `?state=`.

    Pages follow each other by last change; within a page the open ones come first, the most overdue on top.
    """
    sites, deps = context.requested_sites(), context.deps(Deps)
    statement = paging.in_order(
        boosters.to_call(sites, query["state"]),
        query,
        updated_at=BoosterRow.updated_at,
        record_id=BoosterRow.booster_id,
    )
    found = [(row, patient, course) for row, patient, course in context.uow().session.execute(statement)]
    lines = lines_of(context.uow(), found, sites=deps.sites, rules=deps.rules, now=context.now())
    page = paging.page(list(lines), query, place=_place, view=_view)
    page["items"].sort(key=_rank)
    context.open_board("boosters-opened", sites)
    return page


@blueprint.route("/boosters/<uuid:booster_id>/calls", methods=["GET"])
@blueprint.response(200, CallPage)
def read_calls(booster_id: UUID) -> dict[str, Any]:
    """Every call for the cycle, newest first, with the desk's notes; those taken back among them."""
    uow, sealer = context.uow(), context.deps(Deps).sealer
    row = reach.booster(uow, booster_id)
    made = calls.of_booster(uow.session, booster_id)
    context.audit_read("booster-calls-read", patient_id=row.patient_id, record_id=row.booster_id, site_id=row.site_id)
    items = [call_view(call) | {"note": calls.note_of(call, sealer)} for call in made]
    return {"items": items, "next": None}


@blueprint.route("/boosters/<uuid:booster_id>/outcomes", methods=["POST"])
@blueprint.arguments(OutcomeRecording)
@blueprint.response(201, BoosterView)
def record_outcome(body: dict[str, Any], booster_id: UUID) -> dict[str, Any]:
    """What came of a call. Who must act next (a clinician, the prescriber, the medical director) gets a task."""
    deps = context.deps(Deps)
    command = RecordOutcome(note=body.pop("note"), word=Word(**body))
    record_booster_outcome(
        context.uow(),
        booster_id,
        command,
        sites=deps.sites,
        rules=deps.rules,
        sealer=deps.sealer,
        now=context.now(),
    )
    return _answer(booster_id)


@blueprint.route("/boosters/<uuid:booster_id>/undo", methods=["POST"])
@blueprint.arguments(Nothing)
@blueprint.response(200, BoosterView)
def undo(_: dict[str, Any], booster_id: UUID) -> dict[str, Any]:
    """Take the last outcome back, within minutes, while no colleague has acted on it."""
    undo_booster_outcome(context.uow(), booster_id, rules=context.deps(Deps).rules, now=context.now())
    return _answer(booster_id)


@blueprint.route("/boosters/<uuid:booster_id>/snooze", methods=["POST"])
@blueprint.arguments(Snoozing)
@blueprint.response(200, BoosterView)
def snooze(body: dict[str, Any], booster_id: UUID) -> dict[str, Any]:
    """Don't call before a day of the site."""
    deps = context.deps(Deps)
    snooze_booster(context.uow(), booster_id, Snooze(**body), sites=deps.sites, rules=deps.rules, now=context.now())
    return _answer(booster_id)


@blueprint.route("/boosters/<uuid:booster_id>/bring-back", methods=["POST"])
@blueprint.arguments(Nothing)
@blueprint.response(200, BoosterView)
def bring_back(_: dict[str, Any], booster_id: UUID) -> dict[str, Any]:
    """End a snooze before its day."""
    bring_back_booster(context.uow(), booster_id, sites=context.deps(Deps).sites, now=context.now())
    return _answer(booster_id)


def _answer(booster_id: UUID) -> dict[str, Any]:
    deps = context.deps(Deps)
    row = reach.booster(context.uow(), booster_id)
    return _view(line_of(context.uow(), row, sites=deps.sites, rules=deps.rules, now=context.now()))


def _view(line: BoosterLine) -> dict[str, Any]:
    return booster_view(line, context.actor())


def _rank(item: dict[str, Any]) -> tuple[bool, int]:
    return item["urgency"] is None, -item["days_overdue"]


def _place(line: BoosterLine) -> tuple[datetime, UUID]:
    return line.row.updated_at, line.row.booster_id
