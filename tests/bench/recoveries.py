"""A discharge service with live patients, and a bare Flask app on the same store to hold it against."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask, jsonify, request
from flask.wrappers import Response
from sqlalchemy import insert, select

from services.discharge.handlers import handlers
from services.discharge.store.tables import ObservationRow, RecoveryRow
from shared.kernel.clock import monotonic
from tests.support.events import a_session_completed
from tests.support.house import Client, House

OBSERVATION = {
    "systolic_mmhg": 122,
    "diastolic_mmhg": 78,
    "heart_rate_bpm": 70,
    "spo2_percent": 98,
    "moaas": 5,
    "nausea_0_10": 0,
    "vomiting": False,
    "oriented": True,
    "steady_gait": True,
    "fluids_tolerated": True,
    "dissociation_resolved": True,
}


def live_patients(folder: Path, count: int) -> tuple[House, list[str]]:
    """A house whose discharge service watches `count` patients, each charted twice."""
    house = House(folder)
    discharge = house.service("discharge")
    consume = handlers(discharge.deps)["session-completed"]
    event = a_session_completed(
        administration_started_at=house.clock.at,
        administration_ended_at=house.clock.at,
        transport_confirmed_at=house.clock.at,
    )
    sessions = []
    for _ in range(count):
        one = replace(event, session_id=uuid4(), patient_id=uuid4(), course_id=uuid4())
        with discharge.unit_of_work() as uow:
            consume(uow, one, house.clock.at)
        sessions.append(str(one.session_id))
    nurse = house.client("discharge", role="nurse")
    for session in sessions:
        for _ in range(2):
            nurse.post(f"/recoveries/{session}/observations", OBSERVATION, expect=201)
    return house, sessions


def bare_app(house: House) -> Flask:
    """What one would write in five minutes: the same rows of the same store, nothing else."""
    engine = house.service("discharge").deps.engine
    app = Flask("bare")
    app.config["PROPAGATE_EXCEPTIONS"] = True
    table, observation = RecoveryRow.__table__, ObservationRow.__table__

    @app.get("/rows")
    def rows() -> Response:
        with engine.connect().execution_options(afterglow_read_only=True) as connection:
            found = connection.execute(select(table).where(table.c.site_id == "riverside").order_by(table.c.updated_at))
            return jsonify([dict(row) for row in found.mappings()])

    @app.get("/raw")
    def raw() -> Response:
        with engine.connect().execution_options(afterglow_read_only=True) as connection:
            found = connection.exec_driver_sql(
                "SELECT * FROM recovery WHERE site_id = 'riverside' ORDER BY updated_at, session_id"
            )
            return jsonify([dict(row) for row in found.mappings()])

    @app.post("/row")
    def row() -> tuple[Response, int]:
        body = request.get_json()
        with engine.begin() as connection:
            connection.execute(
                insert(observation).values(
                    observation_id=uuid4(),
                    recorded_at=house.clock.at,
                    observed_at=house.clock.at,
                    recorded_by="bare",
                    **body | {"session_id": UUID(body["session_id"])},
                )
            )
        return jsonify(body), 201

    return app


def seconds_of(act: Callable[[], object]) -> float:
    started = monotonic()
    act()
    return monotonic() - started


def nurse_of(house: House) -> Client:
    return house.client("discharge", role="nurse")
