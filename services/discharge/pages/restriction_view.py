"""The driving restriction as a card: the one fact, its parts, and why. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.discharge.domain.policies.driving_restriction import anchor_of, night_start
from services.discharge.domain.policies.driving_rules import DrivingRules
from services.discharge.domain.states import RecoveryState, RestrictionState
from services.discharge.pages.board_rows import restriction_words
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.read_restriction import ExplainedRestriction
from shared.web.pages.words import clock, moment, zone_words


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the restriction is made of; `tone` ok once it is behind us."""

    glyph: str
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class RestrictionCard:
    session_id: UUID
    state: RestrictionState
    fact: str
    second: str
    parts: tuple[Part, ...]
    explanation: str
    rule_version: str
    takes_word: bool
    counts_from: str
    emergency: bool


def restriction_card(
    row: RecoveryRow, explained: ExplainedRestriction, *, rules: DrivingRules, now: datetime
) -> RestrictionCard:
    standing, zone = explained.restriction, ZoneInfo(explained.time_zone)
    until = restriction_words(standing.earliest_end_at, zone, now)
    match standing.state:
        case RestrictionState.PROVISIONAL:
            fact, second = f"Must not drive before {until}", "As it stands: leaving later may move it later."
        case RestrictionState.IN_FORCE:
            fact = f"Must not drive before {until}"
            second = f"Ends at {clock(standing.earliest_end_at, zone)} or with the word on sleep, whichever is later."
        case RestrictionState.UNCONFIRMED:
            fact = "Unconfirmed: still must not drive"
            passed = moment(standing.earliest_end_at, zone, now)
            second = f"Earliest end has passed ({passed}); still needs the word on sleep."
        case RestrictionState.ENDED:
            fact = "No driving restriction"
            second = f"Ended {moment(standing.ends_at or standing.earliest_end_at, zone, now)}, on the word on sleep."
    ended = standing.state is RestrictionState.ENDED
    return RestrictionCard(
        session_id=row.session_id,
        state=standing.state,
        fact=fact,
        second=second,
        parts=() if ended else _parts(row, explained, rules, zone, now),
        explanation=explained.explanation,
        rule_version=f"{explained.rule_version}, {zone_words(zone)}",
        takes_word=row.left_at is not None and not ended,
        counts_from=until if now < standing.earliest_end_at else "",
        emergency=row.open_emergencies > 0,
    )


def _parts(
    row: RecoveryRow, explained: ExplainedRestriction, rules: DrivingRules, zone: ZoneInfo, now: datetime
) -> tuple[Part, ...]:
    anchor = anchor_of(row.administration_ended_at, row.left_at)
    night = night_start(anchor, zone, rules)
    hours = rules.night.total_seconds() / 3600
    earliest = explained.restriction.earliest_end_at
    with_whom = f" with {row.transport_name}" if row.transport_name and row.transport_present else ""
    how = "Left against advice" if row.left_as is RecoveryState.LEFT_AGAINST_ADVICE else "Left"
    gone = "Still here" if row.left_at is None else f"{how} {moment(row.left_at, zone, now)}{with_whom}"
    remind, task = earliest + rules.remind_after, earliest + rules.staff_task_after
    word = (
        f"Word on sleep, from {clock(earliest, zone)}: slept {rules.slept_hours:g} h or more, rested, no symptoms. "
        f"Without it: reminder {clock(remind, zone)}, staff task {clock(task, zone)}."
    )
    over = now >= earliest
    return (
        Part("door-exit" if row.left_at is None else "circle-check", gone, "" if row.left_at is None else "ok"),
        Part("circle-check" if over else "moon", _night(night, night + rules.night, hours, zone), "ok" if over else ""),
        Part("circle-dashed", word, "warn" if explained.restriction.state is RestrictionState.UNCONFIRMED else ""),
    )


def _night(start: datetime, end: datetime, hours: float, zone: ZoneInfo) -> str:
    return f"Night: {clock(start, zone)} to {clock(end, zone)}, {hours:g} hours"
