"""A time typed at a desk is the site's wall clock, also on the nights when that clock is moved."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.web.pages.forms import local_instant

_NEW_YORK = ZoneInfo("America/New_York")


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "now", "meant"),
    [
        ("11:10", "2026-11-23T16:30", "2026-11-23T16:10"),
        ("23:50", "2026-11-24T05:05", "2026-11-24T04:50"),
        ("2026-11-20T09:30", "2026-11-23T16:30", "2026-11-20T14:30"),
        ("01:30", "2026-11-01T05:45", "2026-11-01T05:30"),
        ("01:30", "2026-11-01T06:45", "2026-11-01T06:30"),
    ],
    ids=[
        "today",
        "just before midnight, said just after it",
        "another day",
        "an hour lived twice, while it is lived first",
        "the same, once it is lived again",
    ],
)
def test_a_typed_time_is_the_instant_that_was_meant(typed: str, now: str, meant: str) -> None:
    assert local_instant(typed, _NEW_YORK, _utc(now)).astimezone(UTC) == _utc(meant)


@pytest.mark.parametrize("typed", ["25:00", "11:60", "eleven", "11", "2026-13-01T10:00"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        local_instant(typed, _NEW_YORK, _utc("2026-11-23T16:30"))
