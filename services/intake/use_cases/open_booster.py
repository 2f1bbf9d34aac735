"""Somebody is about to call: the other desks see it."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.rules import IntakeRules
from services.intake.store import calls
from services.intake.store.tables import BoosterCallerRow
from services.intake.use_cases.booster_turns import entered, to_be_called
from shared.kernel.sites import Sites
from shared.store.unit_of_work import UnitOfWork


def open_booster_to_call(
    uow: UnitOfWork, booster_id: UUID, *, sites: Sites, rules: IntakeRules, now: datetime
) -> BoosterCallerRow:
    """Let the other desks see who is about to call: one patient at a time a person. Nobody is kept from calling by it,
    and whoever came first keeps the row's word for `rules.calling.held_for`. Safe to repeat."""
    row = to_be_called(uow, booster_id, sites, now=now)
    caller = calls.caller_of(uow.session, booster_id)
    calls.let_go_of_others(uow.session, uow.actor.subject, but=booster_id)
    mine = caller is not None and caller.opened_by == uow.actor.subject
    if caller is None:
        caller = BoosterCallerRow(booster_id=booster_id)
        uow.session.add(caller)
    elif not mine and now - caller.opened_at <= rules.calling.held_for:
        return caller
    caller.opened_at, caller.opened_by, caller.opened_by_name = now, uow.actor.subject, uow.actor.name
    uow.session.flush()
    entered(uow, "booster-call-opened", row, now=now)
    return caller
