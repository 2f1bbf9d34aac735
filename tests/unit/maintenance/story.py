"""A patient's facts as they come, for tests of what the ladder makes of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

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
from services.maintenance.domain.plan import Alert, Plan, Standing
from services.maintenance.domain.policies.following import follow
from services.maintenance.domain.policies.ladder import LadderRules
from services.maintenance.domain.policies.planning import plan_on

FIRST_DOSE = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
RULES = LadderRules()


class Story:
    """Days count from the first dose. Facts are learned when they happen, in the order that they are told here."""

    def __init__(
        self, *, planned: int = 1, schedule: Schedule = Schedule.LADDER, indication: Indication = Indication.RECORDED
    ) -> None:
        self.course = Course(schedule, indication, planned, (), ())
        self._order = 0
        self._inductions = 0
        self._boosters = 0

    def scores(self, total: int, *, day: float, item_9: int = 0, taken_day: float | None = None) -> UUID:
        taken_at = _at(day if taken_day is None else taken_day)
        score = Score(uuid4(), total, item_9, taken_at, _at(day), self._next())
        self.course = replace(self.course, scores=(*self.course.scores, score))
        if item_9 >= 2:
            self.course = replace(self.course, holds=(*self.course.holds, Hold(score.assessment_id)))
        return score.assessment_id

    def induction(self, *, day: float) -> UUID:
        self._inductions += 1
        return self._session(SessionKind.INDUCTION, self._inductions, day, None)

    def booster(self, *, day: float, cycle: int | None = None) -> UUID:
        self._boosters += 1
        return self._session(SessionKind.BOOSTER, self._boosters, day, cycle)

    def resolves(self, assessment_id: UUID, *, day: float) -> None:
        order = self._next()
        holds = tuple(
            replace(hold, resolved_at=_at(day), resolved_order=order) if hold.assessment_id == assessment_id else hold
            for hold in self.course.holds
        )
        self.course = replace(self.course, holds=holds)

    def overrides(self, days: int, *, until_day: int) -> None:
        override = Override(uuid4(), days, _day(until_day), self._next())
        self.course = replace(self.course, overrides=(*self.course.overrides, override))

    def in_error(self, session_id: UUID) -> None:
        """An earlier session turns out never to have happened."""
        sessions = tuple(
            replace(session, stands=False) if session.session_id == session_id else session
            for session in self.course.sessions
        )
        self.course = replace(self.course, sessions=sessions)

    def replanned(self, planned: int) -> None:
        self.course = replace(self.course, planned_sessions=planned)

    def standing(self) -> Standing:
        return follow(self.course, RULES)

    def plan(self, *, day: int, unresolved: frozenset[Alert] | None = None) -> Plan:
        standing = self.standing()
        alerts = frozenset(standing.alerts) if unresolved is None else unresolved
        return plan_on(_day(day), self.course, standing, alerts)

    def _session(self, kind: SessionKind, number: int, day: float, cycle: int | None) -> UUID:
        at = _at(day)
        session = Session(uuid4(), kind, number, True, cycle, at, at, _day(int(day)), self._next())
        self.course = replace(self.course, sessions=(*self.course.sessions, session))
        return session.session_id

    def _next(self) -> int:
        self._order += 1
        return self._order


def day(number: int) -> date:
    return _day(number)


def _at(number: float) -> datetime:
    return FIRST_DOSE + timedelta(days=number)


def _day(number: int) -> date:
    return FIRST_DOSE.date() + timedelta(days=number)
