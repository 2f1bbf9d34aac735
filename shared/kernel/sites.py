"""Sites: one file that all four services read at start."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# stands in addresses, columns, headers of events and logs
SITE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class BadSites(ValueError):
    """The sites file can't be used; the message says what is wrong with it, and where."""


@dataclass(frozen=True, slots=True)
class Chair:
    chair_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Site:
    site_id: str
    name: str
    time_zone: str
    chairs: tuple[Chair, ...]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_day(self, instant: datetime) -> date:
        """The calendar day at this site at `instant`."""
        return instant.astimezone(self.zone).date()

    def day_bounds(self, day: date) -> tuple[datetime, datetime]:
        """The site's local `day` as [start, end) in UTC; 23 or 25 hours long on daylight-saving nights."""
        start = datetime.combine(day, time(), self.zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)
        return start, end


class Sites(Mapping[str, Site]):
    """All sites by `site_id`."""

    def __init__(self, sites: tuple[Site, ...]) -> None:
        self._sites = {site.site_id: site for site in sites}

    def __getitem__(self, site_id: str) -> Site:
        return self._sites[site_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sites)

    def __len__(self) -> int:
        return len(self._sites)

    @classmethod
    def from_file(cls, path: Path) -> "Sites":
        """Read `{"sites": [{"site_id", "name", "time_zone", "chairs": [{"chair_id", "name"}]}]}`; raises BadSites."""
        try:
            sites = tuple(_site(entry) for entry in json.loads(path.read_text())["sites"])
        except OSError as error:
            raise BadSites(f"{path}: can’t be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError) as error:
            raise BadSites(f"{path}: {error}") from error
        ids = [site.site_id for site in sites]
        if not ids or len(ids) != len(set(ids)):
            raise BadSites(f"{path}: needs at least one site, each with a site_id of its own")
        return cls(sites)


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def _site(entry: dict[str, object]) -> Site:
    if not SITE_ID.fullmatch(str(entry["site_id"])):
        raise ValueError(f"site_id {entry['site_id']!r} must be 1 to 64 letters, digits, dots, dashes or underscores")
    zone = str(entry["time_zone"])
    if not is_zone(zone):
        raise ValueError(f"time_zone {zone!r} is no IANA time zone")
    chairs = entry["chairs"]
    if not isinstance(chairs, list) or not chairs:
        raise ValueError(f"site {entry['site_id']!r} needs at least one chair")
    parsed = tuple(Chair(chair_id=str(c["chair_id"]), name=str(c["name"])) for c in chairs)
    if len({c.chair_id for c in parsed}) != len(parsed):
        raise ValueError(f"site {entry['site_id']!r} names a chair_id twice")
    return Site(site_id=str(entry["site_id"]), name=str(entry["name"]), time_zone=zone, chairs=parsed)
