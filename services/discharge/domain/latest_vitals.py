"""The latest of each vital sign: a small read model, so that a board needs no look into the observations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from services.discharge.domain.observation import Observation, Pressure

_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Latest(Generic[_V]):
    """A value and when it was charted for."""

    at: datetime
    value: _V


@dataclass(frozen=True, slots=True)
class LatestVitals:
    """`observed_at` is the latest observation of any kind; `previous_pressure` the reading before `pressure`."""

    observed_at: datetime | None = None
    pressure: Latest[Pressure] | None = None
    previous_pressure: Latest[Pressure] | None = None
    heart_rate_bpm: Latest[int] | None = None
    spo2_percent: Latest[int] | None = None
    moaas: Latest[int] | None = None

    def with_observation(self, observation: Observation) -> "LatestVitals":
        """These with one more observation, which may be charted late; of one instant the later recorded counts."""
        at = observation.observed_at
        pressure = _later(self.pressure, at, observation.pressure)
        if observation.pressure is None:
            previous = self.previous_pressure
        elif pressure is not self.pressure:
            previous = self.pressure
        else:
            previous = _later(self.previous_pressure, at, observation.pressure)
        return LatestVitals(
            observed_at=at if self.observed_at is None else max(at, self.observed_at),
            pressure=pressure,
            previous_pressure=previous,
            heart_rate_bpm=_later(self.heart_rate_bpm, at, observation.heart_rate_bpm),
            spo2_percent=_later(self.spo2_percent, at, observation.spo2_percent),
            moaas=_later(self.moaas, at, observation.moaas),
        )


def _later(known: Latest[_V] | None, at: datetime, value: _V | None) -> Latest[_V] | None:
    if value is None or (known is not None and at < known.at):
        return known
    return Latest(at, value)
