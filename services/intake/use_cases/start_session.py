"""Start a session: the way home is settled, the baseline measured."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.policies.start import decide_start, refusal_code
from services.intake.domain.policies.timing import check_happened
from services.intake.domain.policies.vitals import check_baseline
from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import Act, Baseline, SessionState, require_turn
from services.intake.store import boosters
from services.intake.store.charting import chart_baseline, transport_of
from services.intake.store.tables import SessionRow
from services.intake.use_cases import reach
from shared.kernel.errors import FieldError, Invalid, Refused
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def start_session(
    uow: UnitOfWork, session_id: UUID, baseline: Baseline | None, *, rules: IntakeRules, now: datetime
) -> SessionRow:
    """Start an arrived patient's session.

    In this order: WrongState out of turn; Refused `transport-missing` (or `on-hold`) with every reason; Invalid for a
    baseline that is absent or impossible. What the desk must settle comes before what the nurse must type.
    """
    row = reach.session_to_change(uow, session_id)
    require_turn(row.state, Act.START)
    booster = boosters.words_of(uow.session, [row.patient_id]).get(row.patient_id)
    decision = decide_start(
        transport_of(row), booster, rules.transport, kind=row.kind, starts_at=row.starts_at, now=now
    )
    if not decision.met:
        raise Refused(decision.reasons[0].message, code=refusal_code(decision), decision=decision)
    if baseline is None:
        raise Invalid(FieldError("/baseline", "The baseline is needed before the dose."))
    found = check_baseline(baseline, rules.vitals) + check_happened(
        "/baseline/measured_at", baseline.measured_at, starts_at=row.starts_at, rules=rules.timing, now=now
    )
    if found:
        raise Invalid(*found)
    chart_baseline(row, baseline)
    row.state = SessionState.STARTED
    row.started_at = now
    touch(row, now=now)
    uow.session.flush()
    audit.wrote(
        uow, "session-started", at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id
    )
    return row
