"""Ten years of a large site's past, laid into its stores straight: 2,500 days like the one that is there."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from tests.support.house import House

_DAYS = 2_500
_SESSIONS_A_COURSE = 6
_EACH_TIME, _EACH_COURSE = ("session_id",), ("patient_id", "course_id")
_INTAKE = ("patient", "course", "session")
_DISCHARGE = ("recovery", "observation")

Row = dict[str, Any]
Ids = dict[str, str]


def ten_years(house: House) -> None:
    """Everybody who has left today came on every day before, under another name every six sessions."""
    for service, tables, left in (
        ("intake", _INTAKE, "SELECT * FROM session WHERE state = 'left'"),
        ("discharge", _DISCHARGE, "SELECT * FROM recovery WHERE state = 'released'"),
    ):
        with house.service(service).deps.engine.begin() as store:
            for stay in _rows(store, left):
                _lay(store, tables, stay)


def _lay(store: Connection, tables: tuple[str, ...], stay: Row) -> None:
    of_stay = {table: _of(store, table, stay) for table in tables}
    entries = _rows(store, "SELECT * FROM audit_entry WHERE record_id = :one", one=_dashed(stay["session_id"]))
    laid: dict[str, list[Row]] = {table: [] for table in (*tables, "audit_entry")}
    ids: Ids = {}
    for back in range(1, _DAYS + 1):
        another = back % _SESSIONS_A_COURSE == 1
        ids |= {name: uuid4().hex for name in (_EACH_TIME + _EACH_COURSE if another else _EACH_TIME)}
        day = date.fromisoformat(stay["updated_at"][:10]) - timedelta(days=back)
        for table, rows in of_stay.items():
            if another or table not in {"patient", "course"}:
                laid[table] += [_moved(row, day, ids) for row in rows]
        laid["audit_entry"] += [_moved(entry, day, ids) | {"audit_id": None} for entry in entries]
    for table, rows in laid.items():
        _write(store, table, rows)


def _of(store: Connection, table: str, stay: Row) -> list[Row]:
    key = {"patient": "patient_id", "course": "course_id"}.get(table, "session_id")
    return _rows(store, f"SELECT * FROM {table} WHERE {key} = :one", one=stay[key])


def _moved(row: Row, day: date, ids: Ids) -> Row:
    moved = dict(row)
    for name, value in row.items():
        if name == "observation_id":
            moved[name] = uuid4().hex
        elif name == "record_id":
            moved[name] = _dashed(ids["session_id"])
        elif name == "record_number":
            moved[name] = f"OLD-{ids['patient_id']}"
        elif name in ids and value is not None:
            moved[name] = ids[name]
        elif name.endswith("_at") and value is not None:
            moved[name] = f"{day.isoformat()}{value[10:]}"
    return moved


def _write(store: Connection, table: str, rows: list[Row]) -> None:
    if rows:
        names, places = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
        store.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({places})", [tuple(row.values()) for row in rows])


def _rows(store: Connection, query: str, **values: object) -> list[Row]:
    cursor = store.exec_driver_sql(query.replace(":one", "?"), tuple(values.values()))
    return [dict(row) for row in cursor.mappings()]


def _dashed(hex32: str) -> str:
    return "-".join((hex32[:8], hex32[8:12], hex32[12:16], hex32[16:20], hex32[20:]))
