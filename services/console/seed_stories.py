"""Turns the cast into acts on a timeline: weeks of past sessions first, then this morning, minute by minute.

A past session is lived at four instants: arriving, the end of the dose, getting ready to leave, leaving. Moving the
clock between them waits until each service has heard of the last.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.console import care as acts
from services.console.care import Care
from services.console.seed_cast import Call, Journal, Snoozed, Story
from services.console.seed_morning import Morning
from services.console.seed_past import DOSES_MG, LONGEST_STAY, Known, Past
from services.console.seed_timeline import Act, Timeline

FIRST_DAY = 77
"""The seed's clock begins this many days before the morning."""

_GETTING_READY = timedelta(minutes=10)
_BOOKED_DAYS_AHEAD = 4
_RECENT_DAYS = 4
_NIGHT = timedelta(hours=9)
_WAKES = time(7, 20)
_LAST_TO_WAKE = ZoneInfo("America/Los_Angeles")


class Chronicle:
    """Writes one site's stories onto the timeline."""

    def __init__(self, timeline: Timeline, care: Care, zone: ZoneInfo, chairs: list[str], *, until: datetime) -> None:
        self._timeline = timeline
        self._care = care
        self._zone = zone
        self._until = until
        self._chairs = chairs
        self._in_use: dict[int, int] = {}

    def tell(self, stories: Iterable[Story]) -> None:
        for number, story in enumerate(stories):
            self._tell(story, f"seed:{self._until:%Y%m%dT%H%M}:{self._care.site_id}:{number}", Known())

    def _tell(self, story: Story, key: str, known: Known) -> None:
        first = story.before[0] if story.before else _BOOKED_DAYS_AHEAD
        self._at(self._arriving(first), lambda: self._register(story, key, known))
        for days, total, item_9 in story.scores:
            self._at(self._arriving(days), self._scoring(key, known, days, total, item_9))
        visits = {}
        for kind, past in (("induction", story.before), ("booster", story.boosters)):
            for days in past:
                visits[days] = self._past(story, key, known, days, kind)
        for mark, journal in enumerate(story.journals):
            self._write(journal, visits[journal.days], mark)
        if story.today is not None:
            booked_on = min(_BOOKED_DAYS_AHEAD, first)
            Morning(self._timeline, self._care, story.today, until=self._until).tell(
                key, known, booked_at=self._closing(booked_on), product=story.product, dose_mg=DOSES_MG[story.product]
            )
        for days in story.ahead:
            self._ahead(story, key, known, days)
        for mark, call in enumerate(story.calls):
            self._at(self._closing(call.days), self._calling(key, known, call, mark))
        if story.snoozed is not None:
            self._at(self._closing(story.snoozed.days), self._snoozing(key, known, story.snoozed))

    def _register(self, story: Story, key: str, known: Known) -> None:
        person = {
            "family_name": story.family_name,
            "given_name": story.given_name,
            "birth_date": story.born,
            "phone": story.phone,
        }
        known.patient_id = acts.register(self._care, key, person)
        known.course_id = acts.open_course(
            self._care, key, known.patient_id, product=story.product, planned=story.planned, indication=story.indication
        )

    def _scoring(self, key: str, known: Known, days: int, total: int, item_9: int) -> Act:
        return lambda: acts.assess(self._care, f"{key}:{days}", known.patient_id, total, item_9)

    def _calling(self, key: str, known: Known, call: Call, mark: int) -> Act:
        back_at = None if call.back is None else self._until + timedelta(minutes=call.back)
        said = {"outcome": call.outcome, "reason": call.reason, "call_back_at": back_at and back_at.isoformat()}
        return lambda: acts.call_for_booster(self._care, f"{key}:call:{mark}", known.patient_id, said, by=call.by)

    def _snoozing(self, key: str, known: Known, snoozed: Snoozed) -> Act:
        until = (self._until.astimezone(self._zone) + timedelta(days=snoozed.ahead)).date()
        said = {"until": until.isoformat(), "reason": snoozed.reason}
        return lambda: acts.snooze_booster(self._care, f"{key}:snooze", known.patient_id, said)

    def _past(self, story: Story, key: str, known: Known, days: int, kind: str) -> Past:
        past = Past(self._care, f"{key}:{days}", story, known, kind, self._chair(days), self._closing(days), days)
        closing = self._closing(days)
        self._at(past.arrived_at, past.arrive)
        self._at(past.ended_at, past.dose)
        self._at(closing - _GETTING_READY, past.get_ready)
        self._at(closing, past.go_home)
        called_at = self._morning_after(days)
        if called_at <= self._until:
            if story.slept or days > 1:
                self._at(called_at, past.wake)
            if days not in story.not_talked:
                self._at(called_at, past.book_talk)
                self._later(past.talked_at, days, past.talk)
        return past

    def _write(self, journal: Journal, past: Past, mark: int) -> None:
        written_at = past.ended_at + timedelta(hours=journal.hours)
        self._later(written_at, past.days, lambda: past.journal(journal, written_at, mark), at_last=True)

    def _later(self, at: datetime, days: int, act: Act, *, at_last: bool = False) -> None:
        """At the next closing from `at` on, which the clock stops at anyway; else in the last hour, or not at all."""
        closings = [self._closing(before) for before in range(days, 0, -1)] + [self._until - timedelta(minutes=48)]
        found = next((closing for closing in closings if closing >= at), self._until if at_last else None)
        if found is not None:
            self._at(found, act)

    def _ahead(self, story: Story, key: str, known: Known, days: int) -> None:
        done = len(story.before) >= story.planned
        chair = self._chair(-days)
        starts_at = self._until + timedelta(days=days, minutes=-90)

        def book() -> None:
            acts.book(
                self._care,
                f"{key}:{-days}",
                known.patient_id,
                known.course_id,
                chair=chair,
                at=starts_at,
                minutes=180,
                kind="booster" if done else "induction",
            )

        self._at(self._closing(1), book)

    def _chair(self, days: int) -> str:
        """The next chair that nobody sits in that day."""
        used = self._in_use.get(days, 0)
        self._in_use[days] = used + 1
        if used >= len(self._chairs):
            raise ValueError(f"{self._care.site_id} has no chair left for a session {days} days ago")
        return self._chairs[used]

    def _arriving(self, days: int) -> datetime:
        return self._closing(days) - LONGEST_STAY

    def _closing(self, days: int) -> datetime:
        return self._until - timedelta(days=days)

    def _morning_after(self, days: int) -> datetime:
        """When the nurse calls: after the night that the restriction asks for, at whatever hour the patient left."""
        left_at = self._closing(days)
        day = (left_at - LONGEST_STAY).astimezone(self._zone).date() + timedelta(days=1)
        # all sites call at once in the old weeks: fewer stops of the clock
        zone = self._zone if days <= _RECENT_DAYS else _LAST_TO_WAKE
        while (call := datetime.combine(day, _WAKES, zone).astimezone(left_at.tzinfo)) < left_at + _NIGHT:
            day += timedelta(days=1)
        return call

    def _at(self, at: datetime, act: Act) -> None:
        self._timeline.add(at, self._care.site_id, act)
