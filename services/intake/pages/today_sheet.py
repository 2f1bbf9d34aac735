"""What opens under a row of Today: the forms that this session can take now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.deps import Deps
from services.intake.domain.policies.start import decide_start
from services.intake.domain.sessions import BEFORE_DOSE, DOSED_STATES, SessionState
from services.intake.domain.transport import Transport
from services.intake.store import boosters, patients
from services.intake.store.charting import transport_of
from services.intake.store.tables import PatientRow, SessionRow
from services.intake.use_cases import reach
from shared.kernel.decision import Decision
from shared.store.unit_of_work import UnitOfWork
from shared.web import context


@dataclass(frozen=True, slots=True)
class Sheet:
    """`start` is why the session may not start now; met when it may."""

    session: SessionRow
    patient: PatientRow
    transport: Transport | None
    start: Decision

    @property
    def before_dose(self) -> bool:
        return self.session.state in BEFORE_DOSE

    @property
    def may_check_in(self) -> bool:
        return self.session.state is SessionState.BOOKED

    @property
    def may_start(self) -> bool:
        return self.session.state is SessionState.ARRIVED

    @property
    def may_complete(self) -> bool:
        return self.session.state is SessionState.STARTED

    @property
    def dosed(self) -> bool:
        return self.session.state in DOSED_STATES


def sheet_of(session_id: UUID, uow: UnitOfWork, deps: Deps, *, now: datetime) -> Sheet:
    """Raises NotFound for a session that isn't the reader's."""
    row = reach.session(uow, session_id)
    transport = transport_of(row)
    word = boosters.words_of(uow.session, [row.patient_id]).get(row.patient_id)
    patient = patients.by_id(uow.session, row.patient_id)
    if patient is None:
        raise LookupError("a session without its patient")
    context.audit_read("session-read", patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    start = decide_start(transport, word, deps.rules.transport, kind=row.kind, starts_at=row.starts_at, now=now)
    return Sheet(row, patient, transport, start)
