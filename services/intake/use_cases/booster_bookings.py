"""Which booked session stands for which cycle that maintenance asked for.

A link is all that is kept: whether a cycle shows as booked follows from it and from maintenance's word.
"""

from datetime import datetime

from services.intake.domain.boosters import OPEN_WORDS
from services.intake.store import boosters, sessions
from services.intake.store.tables import BoosterRow, SessionRow
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def take_cycle(uow: UnitOfWork, row: SessionRow, *, now: datetime) -> BoosterRow | None:
    """Link a booster session to the patient's open cycle that has none yet, the earliest due first.

    Returns the cycle that the session stands for, None when nobody asked for a booster. Safe to repeat.
    """
    open_cycles = boosters.open_of_patient(uow.session, row.patient_id)
    for booster in open_cycles:
        if booster.session_id == row.session_id:
            return booster
    for booster in open_cycles:
        if booster.session_id is None:
            _link(booster, row, now=now)
            return booster
    return None


def give_back_cycle(uow: UnitOfWork, row: SessionRow, *, now: datetime) -> None:
    """The session won't be given: its cycle goes to another booked booster of the patient, or back to be called."""
    for booster in boosters.of_session(uow.session, row.session_id):
        booster.session_id = None
        touch(booster, now=now)
        uow.session.flush()
        if booster.word in OPEN_WORDS:
            find_session(uow, booster, now=now)


def find_session(uow: UnitOfWork, booster: BoosterRow, *, now: datetime) -> None:
    """Link an open cycle to a booster session that was booked before maintenance asked, if one is free."""
    taken = {other.session_id for other in boosters.open_of_patient(uow.session, booster.patient_id)}
    for row in sessions.boosters_ahead(uow.session, booster.patient_id):
        if row.session_id not in taken:
            _link(booster, row, now=now)
            return


def _link(booster: BoosterRow, row: SessionRow, *, now: datetime) -> None:
    booster.session_id = row.session_id
    touch(booster, now=now)
