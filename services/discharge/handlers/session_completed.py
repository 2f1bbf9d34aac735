"""session-completed: a patient is now recovering, or what was said of them is corrected."""

from datetime import datetime

from services.discharge.deps import Deps
from services.discharge.domain.observation import Pressure
from services.discharge.domain.recovery import Administration, Baseline
from services.discharge.domain.states import Product, SessionKind, TransportKind
from services.discharge.use_cases.apply_session import Session, apply_session
from shared.contracts.session_completed import SessionCompleted, SessionStatus
from shared.store.unit_of_work import UnitOfWork


def handle(deps: Deps, uow: UnitOfWork, event: SessionCompleted, now: datetime) -> None:
    apply_session(uow, session_of(event), book=deps.book, sites=deps.sites, now=now)


def session_of(event: SessionCompleted) -> Session:
    """The event in discharge's words; raises ImpossibleTimes when it ends before it starts."""
    return Session(
        session_id=event.session_id,
        patient_id=event.patient_id,
        site_id=event.site_id,
        course_id=event.course_id,
        entered_in_error=event.status is SessionStatus.ENTERED_IN_ERROR,
        kind=SessionKind(event.kind.value),
        product=Product(event.product.value),
        administration=Administration(event.administration_started_at, event.administration_ended_at),
        baseline=Baseline(
            Pressure(event.baseline_systolic_mmhg, event.baseline_diastolic_mmhg),
            event.baseline_heart_rate_bpm,
            event.baseline_spo2_percent,
        ),
        transport_kind=TransportKind(event.transport_kind.value),
        chair_name=event.chair_name,
        overnight_time_zone=event.overnight_time_zone,
        revision=event.revision,
    )
