"""Charts of many recoveries at once, as boards read them: each read once for as long as it stands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Select, Table, bindparam, select
from sqlalchemy.orm import Session

from services.discharge.domain.recovery import Recovery
from services.discharge.store.recoveries import as_chart
from services.discharge.store.tables import EmergencyRow, ObservationRow, RecoveryRow, SuicideRiskCheckRow
from shared.store.engine import READ_ONLY

# the patients of some large sites' days, each in a few versions
_KEPT = 2_000


def _hanging_on_many(kind: type[ObservationRow | EmergencyRow | SuicideRiskCheckRow], *order: str) -> Select[Any]:
    """Columns, not objects: a board reads hundreds of these rows and changes none."""
    table = cast(Table, kind.__table__)
    found = select(table).where(table.c.session_id.in_(bindparam("session_ids", expanding=True)))
    return found.order_by(*(table.c[name] for name in order))


_OBSERVATIONS = _hanging_on_many(ObservationRow, "observed_at", "number")
_EMERGENCIES = _hanging_on_many(EmergencyRow, "observed_at", "number")
_CHECKS = _hanging_on_many(SuicideRiskCheckRow, "number")


def charts_of(session: Session, rows: Sequence[RecoveryRow | Row[Any]]) -> list[Recovery]:
    """The charts of `rows`, in their order, in three queries for all that are not known yet.

    A version names one state of a recovery and of all that hangs on it, so what was read of it once stands. What a
    session still holds isn't seen, and a transaction that may write keeps nothing: its versions may never be.
    """
    connection = session.connection()
    if not connection.get_execution_options().get(READ_ONLY):
        return _read(connection, rows)
    places = [_place(connection.engine, row.session_id, row.version) for row in rows]
    unknown = [(row, place) for row, place in zip(rows, places, strict=True) if not place]
    if unknown:
        read = _read(connection, [row for row, _ in unknown])
        for (_, place), chart in zip(unknown, read, strict=True):
            place[:] = [chart]
    return [place[0] for place in places]


@lru_cache(maxsize=_KEPT)
def _place(store: Engine, session_id: UUID, version: int) -> list[Recovery]:
    """Where the chart is kept; empty until somebody has read it."""
    return []


def _read(connection: Connection, rows: Sequence[RecoveryRow | Row[Any]]) -> list[Recovery]:
    ids = [row.session_id for row in rows]
    observations, emergencies, checks = (
        _by_session(connection.execute(query, {"session_ids": ids})) for query in (_OBSERVATIONS, _EMERGENCIES, _CHECKS)
    )
    return [as_chart(row, observations[i], emergencies[i], checks[i]) for i, row in zip(ids, rows, strict=True)]


def _by_session(found: Iterable[Row[Any]]) -> defaultdict[UUID, list[Row[Any]]]:
    kept: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for each in found:
        kept[each.session_id].append(each)
    return kept
