"""Recoveries for the policies' tests; a test shows only what matters to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.discharge.domain.observation import Aldrete, Observation, Padss, Pressure, Symptom
from services.discharge.domain.recovery import (
    Administration,
    Baseline,
    Emergency,
    Instructions,
    Recovery,
    SuicideRiskCheck,
    Transport,
)
from services.discharge.domain.states import (
    EmergencySign,
    Product,
    SuicideRiskOutcome,
    SymptomCode,
    TransportKind,
)

ENDED = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def minute(minutes: float) -> datetime:
    """That long after administration ended."""
    return ENDED + timedelta(minutes=minutes)


def an_observation(at: float = 118, **changes: Any) -> Observation:
    """A patient who is well, `at` minutes in. `systolic_mmhg` and `diastolic_mmhg` change one component."""
    pressure = Pressure(changes.pop("systolic_mmhg", 118), changes.pop("diastolic_mmhg", 76))
    well = Observation(
        observation_id=UUID(int=int(at * 1000) + 10_000_000),
        number=int(at * 10) + 1000,
        observed_at=minute(at),
        pressure=pressure,
        heart_rate_bpm=70,
        spo2_percent=98,
        moaas=5,
        nausea_0_10=0,
        vomiting=False,
        oriented=True,
        steady_gait=True,
        fluids_tolerated=True,
        dissociation_resolved=True,
        aldrete=aldrete(10),
        padss=Padss(2, 2, 2, 2, 2),
        symptoms=(),
    )
    return replace(well, **changes)


def aldrete(total: int) -> Aldrete:
    items = [2] * (total // 2) + [1] * (total % 2)
    return Aldrete(*(items + [0] * 5)[:5])


def symptom(code: str, grade: int) -> tuple[Symptom, ...]:
    return (Symptom(SymptomCode(code), grade),)


def an_emergency(at: float = 60, acknowledged: float | None = None) -> Emergency:
    seen = None if acknowledged is None else minute(acknowledged)
    return Emergency(UUID(int=int(at)), minute(at), (EmergencySign.PRESSURE,), seen)


def a_check(outcome: str, at: float = 100, *, by_prescriber: bool = False) -> SuicideRiskCheck:
    return SuicideRiskCheck(minute(at), SuicideRiskOutcome(outcome), by_prescriber)


def a_recovery(*observations: Observation, **changes: Any) -> Recovery:
    """Ready to leave at 120 minutes unless changed; without `observations`, well at 100 and 118 minutes."""
    ready = Recovery(
        product=Product.KETAMINE_IV,
        administration=Administration(ENDED - timedelta(minutes=40), ENDED),
        baseline=Baseline(Pressure(120, 80), 72, 98),
        transport=Transport(TransportKind.ESCORT, present=True, identified=True),
        instructions=Instructions(True, True),
        observations=observations or (an_observation(100), an_observation(118)),
        suicide_risk_checks=(a_check("no-concern"),),
    )
    return replace(ready, **changes)
