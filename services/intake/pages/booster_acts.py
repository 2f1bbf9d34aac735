"""What is done on the boosters to call: forms in, the list again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from marshmallow import Schema

from services.intake.api.schemas import Nothing, TaskAnswering
from services.intake.deps import Deps
from services.intake.domain.calls import CallOutcome, CallReason, SnoozeReason
from services.intake.domain.policies.calling import Word
from services.intake.pages.booster_sheet import As
from services.intake.pages.boosters import choice_text, render
from services.intake.use_cases import reach
from services.intake.use_cases.answer_booster_task import answer_booster_task
from services.intake.use_cases.open_booster import open_booster_to_call
from services.intake.use_cases.record_booster_outcome import RecordOutcome, record_booster_outcome
from services.intake.use_cases.snooze_booster import Snooze, bring_back_booster, snooze_booster
from services.intake.use_cases.undo_booster_outcome import undo_booster_outcome
from shared.kernel.errors import AfterglowError, FieldError, Invalid
from shared.web import context
from shared.web.fields import Body, Choice, Day, Text
from shared.web.pages.forms import Typed, attempt, check_version, local_instant, parsed
from shared.web.pages.page import zone

blueprint = Blueprint("booster_acts", __name__)

_NOT_SAVED = "Nothing was saved yet: some fields need another look."
# the form has a reason's field for each outcome that asks for one
_REASON_FIELDS = {
    CallOutcome.CALL_BACK_LATER: "call_back_reason",
    CallOutcome.NOT_NOW: "decline_reason",
    CallOutcome.NO_LONGER_PATIENT: "leaving_reason",
}


class SnoozeForm(Body):
    until = Day(load_default=None)
    reason = Choice(SnoozeReason, load_default=None)


class OutcomeForm(Body):
    """Each outcome's own fields stand side by side; those of the others are not looked at."""

    outcome = Choice(CallOutcome, load_default=None)
    call_back_on = Day(load_default=None)
    call_back_clock = Text(5, load_default=None)
    call_back_reason = Choice(CallReason, load_default=None)
    decline_reason = Choice(CallReason, load_default=None)
    leaving_reason = Choice(CallReason, load_default=None)
    phone = Text(40, load_default=None)
    note = Text(500, load_default=None)


@blueprint.post("/boosters/<uuid:booster_id>/calling")
def open_(booster_id: UUID) -> Response:
    def act() -> str:
        deps = context.deps(Deps)
        _typed(Nothing)
        open_booster_to_call(context.uow(), booster_id, sites=deps.sites, rules=deps.rules, now=context.now())
        return _list(open=booster_id) + f"#sheet-row-{booster_id}"

    return _attempt(act, booster_id)


@blueprint.post("/boosters/<uuid:booster_id>/outcomes")
def record(booster_id: UUID) -> Response:
    row = reach.booster(context.uow(), booster_id)

    def act() -> str:
        deps = context.deps(Deps)
        check_version(row.version)
        typed = _all_chosen(_typed(OutcomeForm), outcome="Choose what came of the call.")
        try:
            command = RecordOutcome(word=_word(typed), note=typed["note"])
            record_booster_outcome(
                context.uow(),
                booster_id,
                command,
                sites=deps.sites,
                rules=deps.rules,
                sealer=deps.sealer,
                now=context.now(),
            )
        except Invalid as error:
            raise _in_the_form(error, typed["outcome"]) from None
        if command.word.outcome is CallOutcome.BOOKED:
            return f"/intake/booking/patients/{row.patient_id}"
        return _list(done="recorded", of=booster_id)

    return _attempt(act, booster_id)


@blueprint.post("/boosters/<uuid:booster_id>/undo")
def undo(booster_id: UUID) -> Response:
    def act() -> str:
        _typed(Nothing)
        undo_booster_outcome(context.uow(), booster_id, rules=context.deps(Deps).rules, now=context.now())
        return _list(done="undone", of=booster_id)

    return _attempt(act, booster_id)


@blueprint.post("/boosters/<uuid:booster_id>/snooze")
def snooze(booster_id: UUID) -> Response:
    row = reach.booster(context.uow(), booster_id)

    def act() -> str:
        deps = context.deps(Deps)
        check_version(row.version)
        command = Snooze(**_all_chosen(_typed(SnoozeForm), until="Choose the day.", reason="Choose the reason."))
        snooze_booster(context.uow(), booster_id, command, sites=deps.sites, rules=deps.rules, now=context.now())
        return _list(done="snoozed", of=booster_id)

    return _attempt(act, booster_id, As.SNOOZE)


@blueprint.post("/boosters/<uuid:booster_id>/bring-back")
def bring_back(booster_id: UUID) -> Response:
    def act() -> str:
        _typed(Nothing)
        bring_back_booster(context.uow(), booster_id, sites=context.deps(Deps).sites, now=context.now())
        return _list(done="back", of=booster_id)

    return _attempt(act, booster_id)


@blueprint.post("/boosters/tasks/<uuid:task_id>/answers")
def answer(task_id: UUID) -> Response:
    booster_id = reach.booster_task(context.uow(), task_id).booster_id

    def act() -> str:
        answer_booster_task(context.uow(), task_id, _typed(TaskAnswering)["answer"], now=context.now())
        return _list(done="answered", of=booster_id)

    return attempt(act, again=render)


def _typed(schema: type[Schema]) -> dict[str, Any]:
    return parsed(schema, zone=zone(), now=context.now())


def _all_chosen(typed: dict[str, Any], **words: str) -> dict[str, Any]:
    """`typed`; raises Invalid with these words for what is missing of these fields."""
    missing = [FieldError(f"/{name}", said) for name, said in words.items() if typed[name] is None]
    if missing:
        raise Invalid(*missing, message=_NOT_SAVED)
    return typed


def _attempt(act: Callable[[], str], booster_id: UUID, kind: As = As.OUTCOME) -> Response:
    def again(typed: Typed) -> Response:
        return render(typed, opened=booster_id, opened_as=kind)

    return attempt(act, again=again)


def _list(**said: object) -> str:
    asked = [choice_text(), *(f"{name}={value}" for name, value in said.items())]
    return "/intake/boosters?" + "&".join(text for text in asked if text)


def _word(typed: dict[str, Any]) -> Word:
    outcome: CallOutcome = typed["outcome"]
    word = Word(outcome=outcome)
    if outcome in _REASON_FIELDS:
        word = replace(word, reason=typed[_REASON_FIELDS[outcome]])
    if outcome is CallOutcome.CALL_BACK_LATER:
        word = replace(word, call_back_at=_call_back_at(typed["call_back_on"], typed["call_back_clock"]))
    if outcome is CallOutcome.WRONG_NUMBER:
        word = replace(word, phone=typed["phone"])
    return word


def _call_back_at(on: date | None, at: str | None) -> Any:
    if on is None or at is None:
        missing = [("/call_back_on", "Choose the day.", on), ("/call_back_clock", "Type the time.", at)]
        raise Invalid(*(FieldError(pointer, words) for pointer, words, value in missing if value is None))
    try:
        return local_instant(f"{on}T{at:0>5}", zone(), context.now())
    except ValueError:
        raise Invalid(FieldError("/call_back_clock", "Must be a time such as 14:05.")) from None


def _in_the_form(error: AfterglowError, outcome: CallOutcome) -> Invalid:
    """The same errors beside the fields that this form has."""
    places = {"/reason": f"/{_REASON_FIELDS.get(outcome, 'outcome')}", "/call_back_at": "/call_back_clock"}
    return Invalid(
        *(FieldError(places.get(found.pointer, found.pointer), found.message) for found in error.fields),
        message=_NOT_SAVED,
    )
