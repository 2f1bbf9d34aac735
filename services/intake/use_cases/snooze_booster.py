"""Don't call a patient before a day, or bring them back before it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.intake.domain.calls import SnoozeReason
from services.intake.domain.policies.calling import check_snooze
from services.intake.domain.rules import IntakeRules
from services.intake.store import calls
from services.intake.store.tables import BoosterRow, BoosterSnoozeRow
from services.intake.use_cases import reach
from services.intake.use_cases.booster_turns import let_go, to_be_called, written
from services.intake.use_cases.show_boosters import today_at
from shared.kernel.errors import Invalid, WrongState
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Snooze:
    until: date
    reason: SnoozeReason


def snooze_booster(
    uow: UnitOfWork, booster_id: UUID, command: Snooze, *, sites: Sites, rules: IntakeRules, now: datetime
) -> BoosterSnoozeRow:
    """Don't call before a day; raises as `to_be_called` does."""
    row = to_be_called(uow, booster_id, sites, now=now)
    if found := check_snooze(command.until, rules.calling, today=today_at(sites, row.site_id, now)):
        raise Invalid(*found)
    snooze = BoosterSnoozeRow(
        snooze_id=new_id(),
        booster_id=booster_id,
        until=command.until,
        reason=command.reason,
        snoozed_at=now,
        snoozed_by=uow.actor.subject,
        snoozed_by_name=uow.actor.name,
    )
    uow.session.add(snooze)
    let_go(uow, booster_id)
    written(uow, "booster-snoozed", row, now=now)
    return snooze


def bring_back_booster(uow: UnitOfWork, booster_id: UUID, *, sites: Sites, now: datetime) -> BoosterRow:
    """End the snooze before its day; raises WrongState when the cycle isn't snoozed."""
    row = reach.booster_to_change(uow, booster_id)
    snooze = calls.contact_of(uow.session, booster_id).snooze
    if snooze is None or today_at(sites, row.site_id, now) >= snooze.until:
        raise WrongState("This patient isn’t snoozed: they are on the list already.")
    snooze.ended_at, snooze.ended_by = now, uow.actor.subject
    written(uow, "booster-brought-back", row, now=now)
    return row
