"""What the discharge service is told at start."""

from dataclasses import dataclass

from shared.launch.settings import BaseSettings


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """Nothing beyond what every service is told."""
