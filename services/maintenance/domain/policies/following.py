"""Follows a course's facts in the order they were learned, and runs the ladder where it has to run.

The plan is derived, never patched: a corrected session or a withdrawn one changes the facts, and following them again
gives the plan that would have been. Source: docs/clinical/ladder.md.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.explanation import explain, explain_hold, explain_induction
from services.maintenance.domain.facts import (
    Course,
    Hold,
    Indication,
    Override,
    Schedule,
    Score,
    Session,
    SessionKind,
)
from services.maintenance.domain.plan import Alert, Standing
from services.maintenance.domain.policies.ladder import (
    LadderRules,
    ReviewReason,
    Step,
    Verdict,
    between_boosters,
    first_interval,
    next_interval,
)
from services.maintenance.domain.policies.reading import Reading, read_scores

_ALERT_OF = {
    Verdict.REVIEW: EscalationKind.PRESCRIBER_REVIEW,
    Verdict.WORSENING: EscalationKind.WORSENING_REVIEW,
    Verdict.RELAPSE: EscalationKind.RELAPSE,
}
# a score usually follows within days: people are asked only when it doesn't
_SCORE_AWAITED = frozenset({ReviewReason.NO_SCORE, ReviewReason.STALE_SCORE})


def follow(course: Course, rules: LadderRules) -> Standing:
    """Where the ladder stands once every fact of `course` has been taken in. Safe to repeat."""
    walk = _Walk(course, rules)
    steps: list[tuple[int, Session | Score | Hold]] = [(s.order, s) for s in course.sessions if s.stands]
    steps += [(score.order, score) for score in course.scores]
    steps += [(hold.resolved_order, hold) for hold in course.holds if hold.resolved_order is not None]
    for _, fact in sorted(steps, key=lambda step: step[0]):
        walk.take(fact)
    return walk.standing()


def sessions_done(sessions: Iterable[Session]) -> int:
    """How many induction sessions were given: those we know, or more when their numbers say so.

    A number counts sessions that we may never have heard of; those entered in error before it are taken off again.
    """
    induction = [s for s in sessions if s.kind is SessionKind.INDUCTION]
    standing = [s for s in induction if s.stands]
    errors = [s.number for s in induction if not s.stands]
    numbered = (s.number - sum(1 for number in errors if number < s.number) for s in standing)
    return max([len(standing), *numbered])


def override_in_force(overrides: Iterable[Override], day: date, *, until_order: int | None = None) -> Override | None:
    """The latest override that holds on `day` (a site's day), of those learned by `until_order`."""
    holding = [o for o in overrides if day <= o.expires_on and (until_order is None or o.order <= until_order)]
    return max(holding, key=lambda o: o.order, default=None)


class _Walk:
    """One pass over a course's facts."""

    def __init__(self, course: Course, rules: LadderRules) -> None:
        self._course = course
        self._rules = rules
        self._first = min((s for s in course.sessions if s.stands), key=lambda s: (s.started_at, s.order), default=None)
        self._errors = tuple(s for s in course.sessions if not s.stands)
        self._holding = {hold.assessment_id for hold in course.holds}
        self._sessions: list[Session] = []
        self._scores: list[Score] = []
        self._held: set[UUID] = set()
        self._worsened: list[Score] = []
        self._cycle = 0
        self._days: int | None = None
        self._step: Step | None = None
        self._explanation = ""
        self._review: Alert | None = None
        self._alerts: list[Alert] = []
        self._run_waits = False

    def take(self, fact: Session | Score | Hold) -> None:
        match fact:
            case Session():
                self._take_session(fact)
            case Score():
                self._take_score(fact)
            case Hold():
                self._take_resolution(fact)

    def standing(self) -> Standing:
        return Standing(
            sessions_done=self._done(),
            last_session=self._last(),
            cycle=self._cycle,
            days=self._days,
            step=self._step,
            explanation=self._told(),
            held=bool(self._held),
            review=self._review,
            alerts=tuple(self._alerts),
            awaits_score_since=self._awaits_score_since(),
        )

    def _take_session(self, session: Session) -> None:
        self._sessions.append(session)
        if self._cycle == 0:
            planned = self._course.planned_sessions
            if planned is None or self._done() < planned:
                return
            self._cycle = 1
        elif session.kind is SessionKind.BOOSTER:
            self._cycle = max(self._cycle, session.booster_cycle or 0) + 1
        else:
            return
        self._run(session.ended_at)

    def _take_score(self, score: Score) -> None:
        self._scores.append(score)
        if score.assessment_id in self._holding:
            self._held.add(score.assessment_id)
        self._take_score_in(score.recorded_at)

    def _take_resolution(self, hold: Hold) -> None:
        self._held.discard(hold.assessment_id)
        if hold.resolved_at is not None:
            self._take_score_in(hold.resolved_at)

    def _take_score_in(self, at: datetime) -> None:
        """What a score, or the end of a hold, changes: the run that waits for it, or else rule 3 alone."""
        if self._cycle == 0 or self._held:
            return
        if self._run_waits or self._days is None:
            self._run(at)
            return
        reading = self._read(at)
        if reading.current in self._worsened:
            return
        step = between_boosters(reading, self._days, self._rules, relapsing=self._relapsing(reading))
        if step is not None:
            self._settle(step, reading)

    def _run(self, at: datetime) -> None:
        self._run_waits = bool(self._held)
        if self._run_waits:
            return
        reading = self._read(at)
        days = self._days if self._days is not None else self._overridden_days()
        refused = self._refusal()
        if refused is not None:
            step = refused
        elif days is None:
            step = first_interval(reading, self._rules)
        else:
            step = next_interval(reading, days, self._rules, relapsing=self._relapsing(reading))
        self._settle(step, reading)

    def _refusal(self) -> Step | None:
        if self._course.schedule is Schedule.OWN_LABEL:
            return Step(Verdict.REVIEW, None, None, None, ReviewReason.OWN_LABEL_SCHEDULE)
        if self._course.indication is Indication.MISSING:
            return Step(Verdict.REVIEW, None, None, None, ReviewReason.NO_INDICATION)
        return None

    def _settle(self, step: Step, reading: Reading) -> None:
        self._step, self._days = step, step.days
        self._explanation = explain(step, reading, self._rules)
        if step.verdict in {Verdict.WORSENING, Verdict.RELAPSE} and reading.current is not None:
            self._worsened.append(reading.current)
        self._review = self._alert(step, reading)
        if self._review is not None:
            self._alerts.append(self._review)

    def _alert(self, step: Step, reading: Reading) -> Alert | None:
        kind = _ALERT_OF.get(step.verdict)
        last = self._last()
        if kind is None or last is None or step.reason in _SCORE_AWAITED:
            return None
        if kind is EscalationKind.PRESCRIBER_REVIEW or reading.current is None:
            return Alert(kind, last.session_id)
        return Alert(kind, reading.current.assessment_id)

    def _awaits_score_since(self) -> datetime | None:
        last = self._last()
        awaited = not self._held and self._step is not None and self._step.reason in _SCORE_AWAITED
        return last.ended_at if awaited and last is not None else None

    def _overridden_days(self) -> int | None:
        """What a booster was given under when the ladder itself had no interval."""
        last = self._last()
        if self._cycle < 2 or last is None:
            return None
        override = override_in_force(self._course.overrides, last.day, until_order=last.order)
        return None if override is None else override.interval_days

    def _relapsing(self, reading: Reading) -> bool:
        if reading.current is None:
            return False
        taken_at = reading.current.taken_at
        spans = (taken_at - earlier.taken_at for earlier in self._worsened)
        return any(self._rules.relapse_after <= span <= self._rules.relapse_until for span in spans)

    def _read(self, at: datetime) -> Reading:
        return read_scores(self._scores, self._first, at=at, valid_for=self._rules.score_valid_for)

    def _last(self) -> Session | None:
        return max(self._sessions, key=lambda s: (s.ended_at, s.order), default=None)

    def _done(self) -> int:
        return sessions_done([*self._sessions, *self._errors])

    def _told(self) -> str:
        if self._held:
            latest = max(self._scores, key=lambda score: (score.recorded_at, score.order))
            return explain_hold(self._read(latest.recorded_at))
        if self._cycle == 0:
            return explain_induction(self._done(), self._course.planned_sessions)
        return self._explanation
