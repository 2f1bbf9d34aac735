"""Every number of the driving restriction. Sources: docs/clinical/driving-restriction.md; to be signed off."""

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingRules:
    """Defaults of the network; a site may have its own, under a version of its own. Local times are in the zone where
    the patient sleeps tonight."""

    version: str = "driving-2026-11"

    night_begins: time = time(22, 0)
    """Local: who leaves earlier in the day goes to bed no earlier than this."""
    morning: time = time(7, 0)
    """Local: nobody drives before it, and leaving before it (exclusive) counts as the night that is still on."""
    night: timedelta = timedelta(hours=8)
    """Elapsed, from the start of the night."""
    at_least: timedelta | None = None
    """A site's own policy: elapsed since the anchor, 24 h where a site has one."""

    slept_hours: float = 6.0
    """Hours of sleep that a counting attestation names, inclusive."""
    remind_after: timedelta = timedelta(hours=1)
    staff_task_after: timedelta = timedelta(hours=6)
    """After the earliest end without an attestation that ends the restriction."""

    def __post_init__(self) -> None:
        sound = {
            "version": bool(self.version),
            "night": timedelta() < self.night <= timedelta(hours=24),
            "night_begins": self.morning < self.night_begins,
            "at_least": self.at_least is None or self.at_least > timedelta(),
            "slept_hours": 0 < self.slept_hours <= 24,
            "reminders": timedelta() < self.remind_after <= self.staff_task_after,
        }
        wrong = [name for name, holds in sound.items() if not holds]
        if wrong:
            raise ValueError(f"driving rules make no sense: {', '.join(wrong)}")


def full_day_rules() -> DrivingRules:
    """The rules of a site whose own policy asks for 24 elapsed hours as well."""
    return DrivingRules(version="driving-2026-11-full-day", at_least=timedelta(hours=24))
