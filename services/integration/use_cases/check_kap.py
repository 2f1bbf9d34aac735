"""Looks, as a window closes, whether a KAP slot stood in it; the front desk hears of each that had none."""

from datetime import datetime

from services.integration.domain.task import TaskKind
from services.integration.store import kap_appointments, windows
from services.integration.use_cases.raise_task import raise_task
from shared.store.unit_of_work import UnitOfWork

_AT_ONCE = 200


def check_kap(uow: UnitOfWork, *, now: datetime) -> None:
    """Check up to 200 windows whose time has come at `now`, inclusive. Safe to repeat: one task a session, for good."""
    for window in windows.windows_to_check(uow.session, now=now, limit=_AT_ONCE):
        window.kap_check_due_at = None
        if not kap_appointments.stands_in(uow.session, window):
            raise_task(uow, TaskKind.NO_KAP_IN_WINDOW, window, cause=window.session_id, now=now)
