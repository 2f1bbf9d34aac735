"""The board's queries: one statement for all that each shows, columns only, so that a refresh builds no records."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, false, inspect, or_, select

from services.discharge.domain.states import LEFT, LIVE, RecoveryState
from services.discharge.store.tables import RecoveryRow

# what no view shows isn't fetched
_UNSEEN = frozenset({"left_reason", "left_recorded_at", "left_as", "cleared_revision", "observation_count"})
_COLUMNS = tuple(
    getattr(RecoveryRow, attribute.key)
    for attribute in inspect(RecoveryRow).column_attrs
    if attribute.key not in _UNSEEN
)

_RECOVERY = cast(Table, RecoveryRow.__table__)
_SEEN = [_RECOVERY.c[column.key] for column in _COLUMNS]
_TIMES = [
    _RECOVERY.c[name]
    for name in ("site_id", "product", "administration_started_at", "administration_ended_at", "left_at")
]

# made once: building a statement costs as much as running it
_OF_SITE = _RECOVERY.c.site_id == bindparam("of_site")
_WATCHED = select(*_SEEN).where(
    _OF_SITE,
    # all states in one list: with an OR between two SQLite reads the site's whole past
    _RECOVERY.c.state.in_((*LIVE, RecoveryState.LEFT_AGAINST_ADVICE)),
    or_(_RECOVERY.c.state != RecoveryState.LEFT_AGAINST_ADVICE, _RECOVERY.c.open_emergencies > 0),
)
_LEFT_WITHIN = (
    _OF_SITE,
    _RECOVERY.c.state.in_(LEFT),
    _RECOVERY.c.left_at >= bindparam("start"),
    _RECOVERY.c.left_at < bindparam("end"),
    # says nothing more, but keeps to the index: years of others who left are not looked at
    _RECOVERY.c.updated_at >= bindparam("changed_since"),
)
_LATEST_FIRST = (_RECOVERY.c.left_at.desc(), _RECOVERY.c.session_id)
_LEFT = select(*_SEEN).where(*_LEFT_WITHIN).order_by(*_LATEST_FIRST)
_TIMES_OF_LEFT = select(*_TIMES).where(*_LEFT_WITHIN).order_by(*_LATEST_FIRST)


def watched_at(connection: Connection, site_id: str) -> Sequence[Row[Any]]:
    """Who is here; and who left against advice while an emergency still waits for a clinician."""
    return connection.execute(_WATCHED, {"of_site": site_id}).all()


def left_within(
    connection: Connection, site_id: str, start: datetime, end: datetime, *, ahead: timedelta
) -> list[Row[Any]]:
    """Who left within [start, end), latest first. Nobody's leaving is recorded more than `ahead` before it."""
    return list(connection.execute(_LEFT, _asked(site_id, start, end, ahead)).all())


def times_of_left_within(
    connection: Connection, site_id: str, start: datetime, end: datetime, *, ahead: timedelta
) -> Sequence[Row[Any]]:
    """The same patients' product and times alone."""
    return connection.execute(_TIMES_OF_LEFT, _asked(site_id, start, end, ahead)).all()


def _asked(site_id: str, start: datetime, end: datetime, ahead: timedelta) -> dict[str, Any]:
    return {"of_site": site_id, "start": start, "end": end, "changed_since": start - ahead}


def board_of(
    sites: Collection[str],
    *,
    states: Collection[RecoveryState] = (),
    days: Mapping[str, tuple[datetime, datetime]] | None = None,
) -> Select[Any]:
    """Recoveries of `sites`, in `states` unless there are none given, whose administration ended within `days` (site
    to [start, end)) unless it is None. The caller orders and limits."""
    statement = select(*_COLUMNS).where(RecoveryRow.site_id.in_(sites))
    if states:
        statement = statement.where(RecoveryRow.state.in_(states))
    if days is not None:
        ended = RecoveryRow.administration_ended_at
        within = (and_(RecoveryRow.site_id == site, ended >= start, ended < end) for site, (start, end) in days.items())
        statement = statement.where(or_(false(), *within))
    return statement
