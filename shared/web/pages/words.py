"""How instants, days and spans read to people at a desk: in their site's zone, short, plain.

`zone` is the site's; instants are aware. The same words stand on every page (docs/words.md).
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """ "11:10"."""
    local = instant.astimezone(zone)
    return f"{local.hour:02}:{local.minute:02}"  # a board says it hundreds of times: a third of what strftime takes


def day(value: datetime | date, zone: ZoneInfo | None = None) -> str:
    """ "Mon 23 Nov"."""
    local = _local_day(value, zone)
    return f"{local:%a} {local.day} {local:%b}"


def long_day(value: datetime | date, zone: ZoneInfo | None = None) -> str:
    """ "Monday 23 November"."""
    local = _local_day(value, zone)
    return f"{local:%A} {local.day} {local:%B}"


def full_day(value: datetime | date, zone: ZoneInfo | None = None) -> str:
    """ "23 Nov 2026": for what lies far from now."""
    local = _local_day(value, zone)
    return f"{local.day} {local:%b} {local.year}"


def moment(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "11:10" today, "Fri 20 Nov, 11:10" on another day, with the year in another year."""
    local, today = instant.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return clock(instant, zone)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{day(instant, zone)}{year}, {clock(instant, zone)}"


def span(length: timedelta) -> str:
    """ "1 h 36 min", "24 min", "3 days": whole minutes, rounded up, so that nothing is said to be over too soon."""
    minutes = -int(-length.total_seconds() // 60)
    if minutes >= 48 * 60:
        return f"{minutes // (24 * 60)} days"
    hours, rest = divmod(max(minutes, 0), 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h" if not rest else f"{hours} h {rest} min"


def zone_words(zone: ZoneInfo) -> str:
    """ "New York time"."""
    return zone.key.rpartition("/")[2].replace("_", " ") + " time"


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 call", "4 calls", "no calls"."""
    if number == 1:
        return f"1 {one}"
    return f"{number or 'no'} {many or one + 's'}"


def colleague(name: str | None, subject: str | None) -> str:
    """The name under which somebody of the staff acted; their subject where no name was kept, empty for nobody."""
    return name or subject or ""


def _local_day(value: datetime | date, zone: ZoneInfo | None) -> date:
    if isinstance(value, datetime):
        return value.astimezone(zone).date()
    return value


FILTERS = {
    "clock": clock,
    "day": day,
    "long_day": long_day,
    "full_day": full_day,
    "moment": moment,
    "span": span,
    "zone_words": zone_words,
    "colleague": colleague,
}
