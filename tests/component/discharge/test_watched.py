"""The row that charting locks and writes back by itself: nothing mixed up, nothing overwritten."""

from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm.exc import StaleDataError

from services.discharge.domain.states import RecoveryState
from services.discharge.store.tables import RecoveryRow
from services.discharge.store.watched import Watched, keep_watched, lock_watched
from shared.kernel.people import Actor, Role
from tests.component.discharge.conftest import Stay

NURSE = Actor("nurse", "Nurse", frozenset({Role.NURSE}), frozenset({"riverside"}))
READ_ONLY = ("session_id", "patient_id", "site_id", "product", "administration_started_at", "administration_ended_at")


def test_each_column_is_kept_where_it_belongs(stay: Stay) -> None:
    """Every value is another one, so that two swapped columns show."""
    with stay.house.service("discharge").unit_of_work() as uow:
        watched = lock_watched(uow.connection, stay.session_id, NURSE)
        changed = {each.name: _another(each.name, place, stay) for place, each in enumerate(fields(Watched))}
        for name, value in changed.items():
            if name not in (*READ_ONLY, "version"):
                setattr(watched, name, value)
        version = watched.version
        keep_watched(uow.connection, watched)
    with stay.house.service("discharge").unit_of_work() as uow:
        row = uow.session.get_one(RecoveryRow, stay.session_id)
        assert {name: getattr(row, name) for name in changed} == asdict(watched)
        assert row.version == watched.version == version + 1


def test_nothing_is_written_over_what_another_wrote_meanwhile(stay: Stay) -> None:
    with stay.house.service("discharge").unit_of_work() as uow:
        watched = lock_watched(uow.connection, stay.session_id, NURSE)
        uow.connection.execute(update(RecoveryRow).values(version=RecoveryRow.version + 1))
        watched.open_emergencies = 7
        with pytest.raises(StaleDataError):
            keep_watched(uow.connection, watched)
    with stay.house.service("discharge").unit_of_work() as uow:
        assert uow.session.get_one(RecoveryRow, stay.session_id).open_emergencies == 0


def _another(name: str, place: int, stay: Stay) -> Any:
    if name == "state":
        return RecoveryState.HELD
    if name.endswith("_at"):
        instant: datetime = stay.ended_at + timedelta(minutes=place)
        return instant
    return 100 + place
