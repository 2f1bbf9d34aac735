"""Which acts a recovery's state lets in; an act out of turn is a conflict, never silently nothing."""

from services.discharge.domain.states import LEFT, LIVE, RecoveryState
from services.discharge.store.tables import RecoveryRow
from services.discharge.store.watched import AnyRecovery
from shared.kernel.errors import WrongState


def require_live(row: AnyRecovery) -> None:
    """The patient is still here."""
    if row.state in LIVE:
        return
    if row.state in LEFT:
        raise WrongState("The patient has already left.")
    _closed()


def require_open(row: RecoveryRow) -> None:
    """The session stands, whether or not the patient has left."""
    if row.state is RecoveryState.ENTERED_IN_ERROR:
        _closed()


def _closed() -> None:
    raise WrongState("The session was entered in error, so its recovery is closed.")
