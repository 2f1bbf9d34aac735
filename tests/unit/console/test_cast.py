"""The demo's people are plainly fictional, and their stories can be lived at any hour of any day."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.care import phq_9_answers
from services.console.seed import CAST, HISTORY
from services.console.seed_cast import Story
from services.console.seed_stories import Chronicle
from services.console.seed_timeline import Timeline
from services.discharge.domain.policies.driving_restriction import earliest_end
from services.discharge.domain.policies.driving_rules import DrivingRules
from shared.kernel.sites import Sites
from shared.launch.settings import DEMO_SITES

_SITES = Sites.from_file(DEMO_SITES)
_STORIES = [(site_id, story) for site_id, stories in CAST.items() for story in stories]
_MORNING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
_ANY_HOUR = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - gets its zone at once
_STORY = pytest.mark.parametrize(("site_id", "story"), _STORIES, ids=[story.name for _, story in _STORIES])


class _Nobody:
    """Stands where Care stands; a timeline is only written here, not played."""

    def __init__(self, site_id: str) -> None:
        self.site_id = site_id

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a story calls {name} while it is being written")


def _chronicle(site_id: str, until: datetime) -> tuple[Timeline, Chronicle]:
    timeline, site = Timeline(), _SITES[site_id]
    chairs = [chair.chair_id for chair in site.chairs]
    return timeline, Chronicle(timeline, _Nobody(site_id), site.zone, chairs, until=until)  # type: ignore[arg-type]


@given(until=_ANY_HOUR)
@pytest.mark.parametrize("site_id", CAST)
def test_every_story_fits_between_the_clocks_start_and_the_morning(site_id: str, until: datetime) -> None:
    timeline, chronicle = _chronicle(site_id, until)
    chronicle.tell(CAST[site_id])

    instants = timeline.instants()
    assert until - HISTORY <= instants[0]
    assert instants[-1] <= until


@given(until=_ANY_HOUR, days=st.integers(1, 76))
@pytest.mark.parametrize("site_id", CAST)
def test_the_word_on_sleep_is_asked_for_when_it_counts(site_id: str, until: datetime, days: int) -> None:
    _, chronicle = _chronicle(site_id, until)
    zone = _SITES[site_id].zone
    left_at = until - timedelta(days=days)
    started_at = left_at - timedelta(minutes=160)

    called_at = chronicle._morning_after(days)
    earliest = earliest_end(administration_started_at=started_at, anchor=left_at, zone=zone, rules=DrivingRules())
    assert earliest <= called_at <= left_at + timedelta(hours=36)


def test_nobody_has_a_real_phone_and_no_two_people_share_a_name() -> None:
    names = [story.name for _, story in _STORIES]
    assert len(names) == len(set(names))
    for _, story in _STORIES:
        phones = [story.phone]
        if story.today and story.today.escort:
            phones.append(story.today.escort.phone)
        assert all(re.fullmatch(r"\(\d{3}\) 555-01\d\d", phone) for phone in phones), story.name
        assert date(1940, 1, 1) < date.fromisoformat(story.born) < date(2005, 1, 1)


@_STORY
def test_scores_can_be_told_item_by_item(site_id: str, story: Story) -> None:
    for _, total, item_9 in story.scores:
        answers = phq_9_answers(total, item_9)
        assert (len(answers), sum(answers), answers[-1]) == (9, total, item_9)


@_STORY
def test_each_step_of_this_morning_follows_the_one_before(site_id: str, story: Story) -> None:
    today = story.today
    if today is None:
        return
    steps = [today.arrived, today.started, *(today.dosed or (None, None)), today.left]
    done = [step for step in steps if step is not None]
    assert done == sorted(done)
    assert all(step <= 0 for step in done)
    if today.started is not None:
        assert today.escort is not None
        assert today.escort.adult
        assert today.escort.confirmed is not None
        assert today.escort.confirmed <= today.started
    minutes = [reading.minute for reading in today.readings]
    assert minutes == sorted(minutes)
    assert all(today.dosed and today.dosed[0] <= minute <= 0 for minute in minutes)


@pytest.mark.parametrize("site_id", CAST)
def test_no_two_people_are_booked_for_one_chair_at_one_time(site_id: str) -> None:
    chairs = {chair.chair_id for chair in _SITES[site_id].chairs}
    booked: dict[str, list[tuple[int, int]]] = {}
    for story in CAST[site_id]:
        if story.today is not None:
            assert story.today.chair in chairs
            start = story.today.starts
            booked.setdefault(story.today.chair, []).append((start, start + story.today.minutes))
    for slots in booked.values():
        slots.sort()
        assert all(end <= start for (_, end), (start, _) in pairwise(slots))


def test_riverside_has_a_full_morning_in_every_state() -> None:
    mornings = [story.today for story in CAST["riverside"] if story.today]
    assert len(mornings) == 18
    assert sum(today.left is not None for today in mornings) == 2
    assert sum(today.dosed is not None and today.left is None for today in mornings) == 8
    assert any(reading.pressure == (171, 102) for today in mornings for reading in today.readings)


@pytest.mark.parametrize(("total", "item_9"), [(28, 0), (0, 1), (25, 0), (5, 4)])
def test_a_score_that_nobody_can_have_is_refused(total: int, item_9: int) -> None:
    with pytest.raises(ValueError, match="no nine answers"):
        phq_9_answers(total, item_9)
