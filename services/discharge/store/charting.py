"""Observations between table and domain: every field mapped by hand, and tested field by field."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert

from services.discharge.domain.observation import Aldrete, Observation, Padss, Pressure, Symptom
from services.discharge.domain.states import SymptomCode
from services.discharge.store.tables import ObservationRow
from shared.store.prepared import Prepared

_INSERT = Prepared(insert(ObservationRow).inline())


def observation_of(row: ObservationRow | Row[Any]) -> Observation:
    pressure = None
    if row.systolic_mmhg is not None and row.diastolic_mmhg is not None:
        pressure = Pressure(row.systolic_mmhg, row.diastolic_mmhg)
    symptoms = None
    if row.symptoms is not None:
        symptoms = tuple(Symptom(SymptomCode(s["code"]), s["grade"]) for s in row.symptoms)
    return Observation(
        observation_id=row.observation_id,
        number=row.number,
        observed_at=row.observed_at,
        pressure=pressure,
        heart_rate_bpm=row.heart_rate_bpm,
        spo2_percent=row.spo2_percent,
        moaas=row.moaas,
        nausea_0_10=row.nausea_0_10,
        vomiting=row.vomiting,
        oriented=row.oriented,
        steady_gait=row.steady_gait,
        fluids_tolerated=row.fluids_tolerated,
        dissociation_resolved=row.dissociation_resolved,
        cadss=row.cadss,
        cadss_6=row.cadss_6,
        aldrete=None if row.aldrete is None else Aldrete(**row.aldrete),
        padss=None if row.padss is None else Padss(**row.padss),
        symptoms=symptoms,
    )


def keep_observation(
    connection: Connection, observation: Observation, *, session_id: UUID, recorded_at: datetime, recorded_by: str
) -> dict[str, Any]:
    """Insert `observation` and give back its columns. Straight into the table: it is never changed once it is there."""
    columns = columns_of(observation, session_id=session_id, recorded_at=recorded_at, recorded_by=recorded_by)
    _INSERT.execute(connection, columns)
    return columns


def columns_of(
    observation: Observation, *, session_id: UUID, recorded_at: datetime, recorded_by: str
) -> dict[str, Any]:
    pressure, symptoms = observation.pressure, observation.symptoms
    return {
        "observation_id": observation.observation_id,
        "session_id": session_id,
        "number": observation.number,
        "observed_at": observation.observed_at,
        "recorded_at": recorded_at,
        "recorded_by": recorded_by,
        "systolic_mmhg": None if pressure is None else pressure.systolic_mmhg,
        "diastolic_mmhg": None if pressure is None else pressure.diastolic_mmhg,
        "heart_rate_bpm": observation.heart_rate_bpm,
        "spo2_percent": observation.spo2_percent,
        "moaas": observation.moaas,
        "nausea_0_10": observation.nausea_0_10,
        "vomiting": observation.vomiting,
        "oriented": observation.oriented,
        "steady_gait": observation.steady_gait,
        "fluids_tolerated": observation.fluids_tolerated,
        "dissociation_resolved": observation.dissociation_resolved,
        "cadss": observation.cadss,
        "cadss_6": observation.cadss_6,
        "aldrete": None if observation.aldrete is None else asdict(observation.aldrete),
        "padss": None if observation.padss is None else asdict(observation.padss),
        "symptoms": None if symptoms is None else [{"code": s.code.value, "grade": s.grade} for s in symptoms],
    }
