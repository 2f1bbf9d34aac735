"""What the discharge service is told at start."""

from dataclasses import dataclass
from typing import Any

from shared.launch.settings import BaseSettings, Environment

FULL_DAY_SITES = "AFTERGLOW_DISCHARGE_FULL_DAY_SITES"


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """`full_day_sites` are the sites whose own policy keeps patients from driving for at least 24 elapsed hours."""

    full_day_sites: frozenset[str]

    @classmethod
    def own(cls, env: Environment) -> dict[str, Any]:
        return {"full_day_sites": env.site_ids(FULL_DAY_SITES)}
