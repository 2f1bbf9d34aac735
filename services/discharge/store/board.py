"""The board's query: one statement for all that it shows, columns only, so that a refresh builds no records."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, false, inspect, or_, select

from services.discharge.domain.states import RecoveryState
from services.discharge.store.tables import RecoveryRow

# what no view shows isn't fetched
_UNSEEN = frozenset({"left_reason", "left_recorded_at", "left_as", "cleared_revision", "observation_count"})
_COLUMNS = tuple(
    getattr(RecoveryRow, attribute.key)
    for attribute in inspect(RecoveryRow).column_attrs
    if attribute.key not in _UNSEEN
)


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
