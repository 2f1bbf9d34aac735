"""What every act of the desk on a booster to call has in common: its turn, and its entry."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.calls import Standing
from services.intake.store import calls
from services.intake.store.tables import BoosterRow
from services.intake.use_cases import reach
from services.intake.use_cases.show_boosters import standing_at, today_at
from shared.kernel.errors import Conflict, WrongState
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def to_be_called(uow: UnitOfWork, booster_id: UUID, sites: Sites, *, now: datetime) -> BoosterRow:
    """The cycle, held to commit. Raises Conflict `on-hold` while a clinician is in contact, `with-colleague` while one
    is asked, WrongState when it isn't to be called (booked, withdrawn, fulfilled, snoozed, off the list)."""
    row = reach.booster_to_change(uow, booster_id)
    contact = calls.contact_of(uow.session, booster_id)
    standing = standing_at(row, contact, today=today_at(sites, row.site_id, now), now=now)
    match standing:
        case Standing.HELD:
            raise Conflict("Don’t call: a clinician is in contact with this patient.", code="on-hold")
        case Standing.WITH_COLLEAGUE:
            raise Conflict("A colleague was asked and hasn’t answered yet: wait for their word.", code="with-colleague")
        case Standing.SNOOZED:
            raise WrongState("This patient is snoozed: bring them back first.")
        case Standing.OFF:
            raise WrongState("This patient isn’t to be called for this booster any more.")
    return row


def let_go(uow: UnitOfWork, booster_id: UUID) -> None:
    """Nobody is calling any more, whoever had it open."""
    if (caller := calls.caller_of(uow.session, booster_id)) is not None:
        uow.session.delete(caller)


def written(uow: UnitOfWork, action: str, row: BoosterRow, *, now: datetime) -> None:
    touch(row, now=now)
    uow.session.flush()
    entered(uow, action, row, now=now)


def entered(uow: UnitOfWork, action: str, row: BoosterRow, *, now: datetime) -> None:
    audit.wrote(uow, action, at=now, patient_id=row.patient_id, record_id=row.booster_id, site_id=row.site_id)
