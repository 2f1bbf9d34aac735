"""Today's board as plain rows: two reads a site, however many sessions, and no objects built that nobody changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, bindparam, func, or_, select, union

from services.intake.domain.boosters import OPEN_WORDS, PlanWord
from services.intake.domain.sessions import BEFORE_DOSE, DOSED_STATES, ChartStatus, SessionState
from services.intake.store import boosters
from services.intake.store.tables import BoosterRow, CourseRow, PatientRow, SessionRow

_IN_THE_HOUSE = (SessionState.ARRIVED, SessionState.STARTED, SessionState.RECOVERING)

_SESSION, _COURSE, _PATIENT, _BOOSTER = (
    cast(Table, kind.__table__) for kind in (SessionRow, CourseRow, PatientRow, BoosterRow)
)
_LINE = (
    *(
        _SESSION.c[name]
        for name in (
            *("session_id", "patient_id", "course_id", "site_id", "chair_id", "kind", "starts_at", "ends_at"),
            *("state", "number", "transport_kind", "transport_name", "transport_phone", "transport_relationship"),
            *("transport_grown", "transport_confirmed_at", "transport_arrives_at", "arrived_at", "started_at"),
            *("completed_at", "left_at", "disposition"),
        )
    ),
    *(_COURSE.c[name] for name in ("planned_sessions", "product")),
    *(_PATIENT.c[name] for name in ("record_number", "family_name", "given_name", "birth_date", "phone")),
)


def _of_day() -> ColumnElement[bool]:
    # two looks at two indexes: with an OR between them SQLite reads the site's whole past
    at_site = select(_SESSION.c.session_id).where(_SESSION.c.site_id == bindparam("of_site"))
    of_the_day = at_site.where(_SESSION.c.starts_at >= bindparam("start"), _SESSION.c.starts_at < bindparam("end"))
    here = at_site.where(_SESSION.c.state.in_(_IN_THE_HOUSE))
    return _SESSION.c.session_id.in_(union(of_the_day, here))


def _place() -> ColumnElement[int]:
    before = _SESSION.alias()
    dosed = and_(before.c.status == ChartStatus.FINAL, before.c.state.in_(DOSED_STATES))
    earlier = or_(
        before.c.starts_at < _SESSION.c.starts_at,
        and_(before.c.starts_at == _SESSION.c.starts_at, before.c.session_id <= _SESSION.c.session_id),
    )
    counted = select(func.count()).where(
        before.c.course_id == _SESSION.c.course_id,
        before.c.kind == _SESSION.c.kind,
        or_(dosed, and_(before.c.state.in_(BEFORE_DOSE), earlier)),
    )
    return counted.correlate(_SESSION).scalar_subquery().label("place")


# made once: building a statement costs as much as running it
_LINES = (
    select(*_LINE, _place())
    .join(_COURSE, _COURSE.c.course_id == _SESSION.c.course_id)
    .join(_PATIENT, _PATIENT.c.patient_id == _SESSION.c.patient_id)
    .where(_of_day())
    .order_by(_SESSION.c.starts_at, _SESSION.c.chair_id, _SESSION.c.session_id)
)
_WORDS = select(_BOOSTER.c.patient_id, _BOOSTER.c.word).where(
    _BOOSTER.c.patient_id.in_(select(_SESSION.c.patient_id).where(_of_day())), _BOOSTER.c.word.in_(OPEN_WORDS)
)


def lines_of_day(
    connection: Connection, site_id: str, start: datetime, end: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Sessions that start in [start, end), and whoever is in the house whatever their day; by booked start.

    `place` is the session's place among its course's sessions of its kind that stand or are still to be dosed.
    """
    return connection.execute(_LINES, {"of_site": site_id, "start": start, "end": end}).all()


def words_of_day(connection: Connection, site_id: str, start: datetime, end: datetime) -> dict[UUID, PlanWord]:
    """Maintenance's word on the open cycle of each of the day's patients who has one; a hold on any of them wins."""
    return boosters.worst_of(connection.execute(_WORDS, {"of_site": site_id, "start": start, "end": end}))
