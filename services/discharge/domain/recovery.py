"""One patient's recovery, as the policies see it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.discharge.domain.observation import Observation, Pressure
from services.discharge.domain.states import EmergencySign, Product, SuicideRiskOutcome, TransportKind


class ImpossibleTimes(ValueError):
    """An administration that ends before it starts."""


@dataclass(frozen=True, slots=True)
class Administration:
    """When the dose was given; both may be one instant."""

    started_at: datetime
    ended_at: datetime

    def __post_init__(self) -> None:
        if self.ended_at < self.started_at:
            raise ImpossibleTimes("administration can’t end before it starts")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Measured before the dose, on the same day."""

    pressure: Pressure
    heart_rate_bpm: int
    spo2_percent: int


@dataclass(frozen=True, slots=True)
class Transport:
    """Who takes the patient home. `kind` None: nobody."""

    kind: TransportKind | None
    present: bool = False
    identified: bool = False


@dataclass(frozen=True, slots=True)
class Instructions:
    """Who has heard the instructions for home and said so."""

    patient_acknowledged: bool = False
    escort_acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Emergency:
    """Signs of one observation that call a clinician; each needs an acknowledgement of its own."""

    emergency_id: UUID
    observed_at: datetime
    signs: tuple[EmergencySign, ...]
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SuicideRiskCheck:
    """One check. `by_prescriber` says whether a prescriber or medical director recorded it."""

    performed_at: datetime
    outcome: SuicideRiskOutcome
    by_prescriber: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """All that is charted of one recovery. `observations` are ordered by observed_at, then by number."""

    product: Product
    administration: Administration
    baseline: Baseline
    transport: Transport
    instructions: Instructions = Instructions()
    observations: tuple[Observation, ...] = ()
    emergencies: tuple[Emergency, ...] = ()
    suicide_risk_checks: tuple[SuicideRiskCheck, ...] = ()

    def latest(self, charted: str) -> tuple[datetime, Any] | None:
        """When `charted` (a field of Observation) was last charted, and as what; None when it never was."""
        for observation in reversed(self.observations):
            value = getattr(observation, charted)
            if value is not None:
                return observation.observed_at, value
        return None

    def readings(self) -> Iterator[tuple[datetime, Pressure]]:
        """Blood pressures, latest first."""
        for observation in reversed(self.observations):
            if observation.pressure is not None:
                yield observation.observed_at, observation.pressure

    def as_of(self, instant: datetime) -> "Recovery":
        """The recovery as it stood at `instant`, inclusive; transport and instructions carry no time of their own."""
        return replace(
            self,
            observations=tuple(o for o in self.observations if o.observed_at <= instant),
            emergencies=tuple(
                e if e.acknowledged_at is None or e.acknowledged_at <= instant else replace(e, acknowledged_at=None)
                for e in self.emergencies
                if e.observed_at <= instant
            ),
            suicide_risk_checks=tuple(c for c in self.suicide_risk_checks if c.performed_at <= instant),
        )
