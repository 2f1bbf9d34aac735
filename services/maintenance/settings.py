"""What the maintenance service is told at start."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.launch.settings import BaseSettings, Environment


@dataclass(frozen=True, kw_only=True)
class Settings(BaseSettings):
    """`crisis_lines_file` (AFTERGLOW_CRISIS_LINES) holds whom a patient in distress can reach; None only in the demo.

    The demo's own lines are fictional, so production doesn't start without the real ones.
    """

    crisis_lines_file: Path | None

    @classmethod
    def own(cls, env: Environment) -> dict[str, Any]:
        return {"crisis_lines_file": env.file("AFTERGLOW_CRISIS_LINES", required=not env.demo)}
