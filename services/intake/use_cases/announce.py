"""Tell discharge and maintenance of a dosed session, once a revision."""

from datetime import datetime

from services.intake.domain.products import route_of
from services.intake.store.charting import administration_of, baseline_of, transport_of
from services.intake.store.tables import CourseRow, SessionRow
from shared.contracts import session_completed as contract
from shared.kernel.sites import Sites
from shared.messaging.outbox import publish
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def announce(uow: UnitOfWork, row: SessionRow, course: CourseRow, *, sites: Sites, now: datetime) -> None:
    """Publish the session as it stands, under its present revision. The session must be dosed."""
    publish(uow, _event_of(row, course, sites), now=now)


def announce_again(uow: UnitOfWork, row: SessionRow, course: CourseRow, *, sites: Sites, now: datetime) -> None:
    """Publish the session under its next revision."""
    row.revision += 1
    touch(row, now=now)
    announce(uow, row, course, sites=sites, now=now)


def chair_name(sites: Sites, site_id: str, chair_id: str) -> str:
    """The chair's name, or its id when the sites file has dropped it since."""
    site = sites.get(site_id)
    names = {chair.chair_id: chair.name for chair in site.chairs} if site else {}
    return names.get(chair_id, chair_id)


def _event_of(row: SessionRow, course: CourseRow, sites: Sites) -> contract.SessionCompleted:
    administration, baseline, transport = administration_of(row), baseline_of(row), transport_of(row)
    if (
        administration is None
        or baseline is None
        or transport is None
        or transport.confirmed_at is None
        or row.status is None
        or row.number is None
    ):
        raise ValueError(f"session {row.session_id} is announced before it is dosed")
    return contract.SessionCompleted(
        session_id=row.session_id,
        patient_id=row.patient_id,
        site_id=row.site_id,
        course_id=row.course_id,
        status=contract.SessionStatus(row.status.value),
        kind=contract.SessionKind(row.kind.value),
        number=row.number,
        planned_sessions=course.planned_sessions,
        booster_cycle=row.booster_cycle,
        product=contract.Product(course.product.value),
        route=contract.Route(route_of(course.product).value),
        administration_started_at=administration.started_at,
        administration_ended_at=administration.ended_at,
        baseline_systolic_mmhg=baseline.systolic_mmhg,
        baseline_diastolic_mmhg=baseline.diastolic_mmhg,
        baseline_heart_rate_bpm=baseline.heart_rate_bpm,
        baseline_spo2_percent=baseline.spo2_percent,
        transport_kind=contract.TransportKind(transport.kind.value),
        transport_confirmed_at=transport.confirmed_at,
        chair_name=chair_name(sites, row.site_id, row.chair_id),
        overnight_time_zone=administration.overnight_time_zone,
        indication_recorded=course.indication is not None,
        revision=row.revision,
    )
