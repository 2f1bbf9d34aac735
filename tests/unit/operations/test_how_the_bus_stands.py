"""When a consumer, an outbox and a worker count as well, and what is told as wrong: at, below and above each limit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.messaging.log import Away
from shared.messaging.readings import TopicReading, WorkerReading
from shared.operations.problems import problems, words
from shared.operations.standing import OutboxStanding, ParkedStanding, Standing
from shared.operations.states import (
    ConsumerState,
    OutboxState,
    StandingRules,
    consumer_state,
    measured,
    outbox_state,
)

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
RULES = StandingRules()
MOMENT = timedelta(microseconds=1)
A_TOPIC = TopicReading("booster-due", lag_records=0, lag_seconds=0.0, stopped=(), last_applied_at=None)


def a_reading(*, age: timedelta = timedelta(), topic: TopicReading = A_TOPIC, left: bool = False) -> WorkerReading:
    return WorkerReading(
        worker_id=f"worker {age} old",
        measured_at=NOW - age,
        paused_for=None,
        topics=(topic,),
        last_published_at=None,
        blocked_keys=0,
        left=left,
    )


def a_standing(parked: ParkedStanding | None = None, **changes: object) -> Standing:
    standing = Standing(
        service="intake",
        now=NOW,
        measured_at=NOW,
        paused_for=None,
        stale=False,
        consumers=(),
        outbox=OutboxStanding(OutboxState.EMPTY, 0, timedelta(), None, 0),
        parked=parked or ParkedStanding(0, 0, 0, 0, None, None),
        quarantined=0,
        quarantined_lately=0,
    )
    return replace(standing, **changes)  # type: ignore[arg-type]


def a_gap(since: timedelta) -> ParkedStanding:
    return ParkedStanding(keys=1, dead=0, gaps=1, events=1, oldest_at=NOW - since, oldest_gap_at=NOW - since)


def codes(standing: Standing) -> list[str]:
    return [problem.code for problem in problems(standing, RULES)]


@pytest.mark.parametrize(
    ("age", "known"),
    [
        (timedelta(seconds=20) - MOMENT, True),
        (timedelta(seconds=20), False),
        (timedelta(seconds=-20) + MOMENT, True),
        (timedelta(seconds=-20), False),
    ],
    ids=["just fresh", "20 s old", "clock a little back", "clock went back by 20 s"],
)
def test_what_a_worker_measured_is_known_for_less_than_twenty_seconds(age: timedelta, known: bool) -> None:
    found = measured([a_reading(age=age)], RULES, now=NOW)
    assert (found.topic("booster-due") is not None) == known


def test_a_worker_that_has_left_is_asked_no_longer_while_the_next_one_is() -> None:
    stopped = replace(A_TOPIC, stopped=(3,))
    before = a_reading(age=timedelta(seconds=2), topic=stopped)
    now_there = a_reading()
    crowd = measured([now_there, before], RULES, now=NOW).topic("booster-due")
    alone = measured([now_there, replace(before, left=True)], RULES, now=NOW).topic("booster-due")
    assert crowd is not None
    assert crowd.stopped == (3,)
    assert alone is not None
    assert alone.stopped == ()


def test_after_the_last_worker_has_left_nothing_is_known_but_since_when() -> None:
    found = measured([a_reading(age=timedelta(seconds=1), left=True)], RULES, now=NOW)
    assert found.topic("booster-due") is None
    assert found.measured_at == NOW - timedelta(seconds=1)


def test_what_was_last_applied_is_known_from_those_that_are_gone_too() -> None:
    before = a_reading(age=timedelta(minutes=30), topic=replace(A_TOPIC, last_applied_at=NOW - timedelta(minutes=40)))
    found = measured([a_reading(), before], RULES, now=NOW).topic("booster-due")
    assert found is not None
    assert found.last_applied_at == NOW - timedelta(minutes=40)
    newer = a_reading(topic=replace(A_TOPIC, last_applied_at=NOW))
    latest = measured([newer, before], RULES, now=NOW).topic("booster-due")
    assert latest is not None
    assert latest.last_applied_at == NOW


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        (29.999, ConsumerState.KEEPING_UP),
        (30.0, ConsumerState.FALLING_BEHIND),
        (30.001, ConsumerState.FALLING_BEHIND),
        (None, ConsumerState.PAUSED),
    ],
)
def test_a_consumer_falls_behind_from_thirty_seconds_on(seconds: float | None, state: ConsumerState) -> None:
    assert consumer_state(replace(A_TOPIC, lag_seconds=seconds), None, RULES) is state


def test_what_stopped_is_worse_than_what_pauses_and_that_than_what_lags() -> None:
    late = replace(A_TOPIC, lag_seconds=1000.0)
    assert consumer_state(replace(late, stopped=(1,)), Away.LOG, RULES) is ConsumerState.STOPPED
    assert consumer_state(late, Away.LOG, RULES) is ConsumerState.PAUSED
    assert consumer_state(None, Away.LOG, RULES) is ConsumerState.STALE


@pytest.mark.parametrize(
    ("rows", "age", "state"),
    [
        (0, timedelta(), OutboxState.EMPTY),
        (1, timedelta(seconds=60) - MOMENT, OutboxState.PUBLISHING),
        (1, timedelta(seconds=60), OutboxState.NOT_PUBLISHING),
        (1, timedelta(seconds=60) + MOMENT, OutboxState.NOT_PUBLISHING),
    ],
)
def test_an_outbox_whose_oldest_row_waits_a_minute_is_not_publishing(
    rows: int, age: timedelta, state: OutboxState
) -> None:
    assert outbox_state(rows, age, RULES) is state


@pytest.mark.parametrize(
    ("since", "code"),
    [
        (timedelta(seconds=60) - MOMENT, "parked-keys"),
        (timedelta(seconds=60), "gap"),
        (timedelta(seconds=60) + MOMENT, "gap"),
    ],
)
def test_an_event_that_has_not_arrived_is_told_of_after_a_minute(since: timedelta, code: str) -> None:
    assert codes(a_standing(a_gap(since))) == [code]


def test_the_worst_comes_first() -> None:
    dead_and_missing = ParkedStanding(2, 1, 1, 5, NOW, NOW - timedelta(hours=1))
    standing = a_standing(
        dead_and_missing,
        outbox=OutboxStanding(OutboxState.NOT_PUBLISHING, 3, timedelta(hours=1), None, 0),
        paused_for=Away.RIGHTS,
        quarantined_lately=1,
    )
    assert codes(standing) == ["outbox-not-publishing", "paused", "dead-keys", "gap", "quarantine"]


@pytest.mark.parametrize(
    ("records", "said"), [(1, "1 record that is no readable event"), (2, "2 records that are no readable event")]
)
def test_what_was_sealed_is_counted_in_words(records: int, said: str) -> None:
    [problem] = problems(a_standing(quarantined_lately=records), RULES)
    assert said in problem.what


@pytest.mark.parametrize("away", Away)
def test_a_pause_says_what_is_away_and_what_mends_it(away: Away) -> None:
    [problem] = problems(a_standing(paused_for=away), RULES)
    assert away.words in problem.what
    assert ("password" in problem.next_step) == (away is Away.SIGN_IN)
    assert ("topics apply" in problem.next_step) == (away is Away.RIGHTS)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0.0 s"),
        (9.94, "9.9 s"),
        (10, "10 s"),
        (119.4, "119 s"),
        (120, "2 min"),
        (3599, "59 min"),
        (3600, "1 h 0 min"),
        (48 * 3600 - 1, "47 h 59 min"),
        (48 * 3600, "2 days"),
    ],
)
def test_a_span_is_said_rounded_down_in_the_unit_that_fits(seconds: float, said: str) -> None:
    assert words(timedelta(seconds=seconds)) == said
