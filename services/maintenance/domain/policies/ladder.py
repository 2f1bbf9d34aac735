"""The ladder: how many days until the next booster. Racemic ketamine only. Source: docs/clinical/ladder.md."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from services.maintenance.domain.policies.reading import Reading


@dataclass(frozen=True, slots=True)
class LadderRules:
    """Days are calendar days between boosters; spans are elapsed time; scores are PHQ-9 totals. Limits are inclusive,
    except `remission_below`.

    `response_percent`: a score at most this share of the baseline is a response.
    """

    version: str = "ladder-2026.1"
    shortest_days: int = 28
    longest_days: int = 90
    step_days: int = 14
    first_remission_days: int = 42
    first_response_days: int = 28
    worsening_days: int = 28
    remission_below: int = 5
    response_percent: int = 50
    worsening_score: int = 10
    worsening_rise: int = 5
    keep_rise: int = 3
    score_valid_for: timedelta = timedelta(hours=14 * 24)
    review_within: timedelta = timedelta(days=7)
    relapse_after: timedelta = timedelta(days=5)
    relapse_until: timedelta = timedelta(days=15)
    source: str = "docs/clinical/ladder.md"

    def __post_init__(self) -> None:
        if not 0 < self.shortest_days <= self.longest_days:
            raise ValueError("shortest_days must be above 0 and not above longest_days")
        firsts = (self.first_remission_days, self.first_response_days, self.worsening_days)
        if any(not self.shortest_days <= days <= self.longest_days for days in firsts):
            raise ValueError("first and worsening intervals lie between shortest_days and longest_days")
        if self.step_days <= 0 or not 0 < self.response_percent < 100:
            raise ValueError("step_days must be above 0, response_percent between 0 and 100")
        if not 0 < self.keep_rise <= self.worsening_rise:
            raise ValueError("keep_rise must be above 0 and not above worsening_rise")
        if not timedelta() < self.relapse_after <= self.relapse_until:
            raise ValueError("relapse_after must be longer than nothing and not above relapse_until")


class Verdict(StrEnum):
    """What a run of the ladder asks for. WORSENING and RELAPSE set an interval and call for a review as well."""

    INTERVAL = "interval"
    WORSENING = "worsening"
    RELAPSE = "relapse"
    REVIEW = "review"


class ReviewReason(StrEnum):
    """Why only a prescriber can decide."""

    OWN_LABEL_SCHEDULE = "own-label-schedule"
    NO_INDICATION = "no-indication"
    NO_BASELINE = "no-baseline"
    NO_SCORE = "no-score"
    STALE_SCORE = "stale-score"
    NO_RESPONSE = "no-response"


@dataclass(frozen=True, slots=True)
class Step:
    """One run's outcome. `rule` is the ladder's number (1–6), None for a first interval and for reviews.

    `days` is None only for a review; `previous_days` is None for a first interval.
    """

    verdict: Verdict
    rule: int | None
    previous_days: int | None
    days: int | None
    reason: ReviewReason | None = None


def first_interval(reading: Reading, rules: LadderRules) -> Step:
    """The interval after the last planned session. Rule 1 (hold) has been looked at before."""
    blocked = _no_baseline(reading)
    if blocked is not None:
        return blocked
    if reading.current is None:
        return _review(ReviewReason.NO_SCORE)
    if reading.stale:
        return _review(ReviewReason.STALE_SCORE)
    if reading.current.total < rules.remission_below:
        return Step(Verdict.INTERVAL, None, None, rules.first_remission_days)
    if _responds(reading, rules):
        return Step(Verdict.INTERVAL, None, None, rules.first_response_days)
    return _review(ReviewReason.NO_RESPONSE)


def next_interval(reading: Reading, days: int, rules: LadderRules, *, relapsing: bool) -> Step:
    """The interval after a booster: the first of rules 2 to 6 that matches. Rule 1 (hold) has been looked at before.

    `days` is the interval so far. `relapsing`: rule 3 matched an earlier score 5 to 15 days before this one.
    """
    blocked = _no_baseline(reading)
    if blocked is not None:
        return blocked
    if reading.current is None or reading.lowest is None or reading.stale:
        return _step(2, days, days, rules)
    if worsens(reading, rules):
        return _worsening(days, rules, relapsing=relapsing)
    rise = reading.current.total - reading.lowest
    if not _responds(reading, rules) or rise >= rules.worsening_rise:
        return _step(4, days, days - rules.step_days, rules)
    # an answer above 1 gets here only after a person resolved its hold: it weighs no less than a 1
    if rise >= rules.keep_rise or reading.current.item_9 >= 1:
        return _step(5, days, days, rules)
    return _step(6, days, days + rules.step_days, rules)


def between_boosters(reading: Reading, days: int, rules: LadderRules, *, relapsing: bool) -> Step | None:
    """What a score between boosters changes: rule 3 or nothing. Rule 1 (hold) has been looked at before."""
    if _no_baseline(reading) is not None or reading.stale or not worsens(reading, rules):
        return None
    return _worsening(days, rules, relapsing=relapsing)


def worsens(reading: Reading, rules: LadderRules) -> bool:
    """Rule 3's condition, whatever the score's age."""
    if reading.current is None or reading.lowest is None:
        return False
    total = reading.current.total
    return total >= rules.worsening_score and total - reading.lowest >= rules.worsening_rise


def _responds(reading: Reading, rules: LadderRules) -> bool:
    if reading.current is None or not reading.baseline:
        return False
    return reading.current.total * 100 <= reading.baseline * rules.response_percent


def _no_baseline(reading: Reading) -> Step | None:
    return None if reading.baseline else _review(ReviewReason.NO_BASELINE)


def _worsening(days: int, rules: LadderRules, *, relapsing: bool) -> Step:
    verdict = Verdict.RELAPSE if relapsing else Verdict.WORSENING
    return Step(verdict, 3, days, rules.worsening_days)


def _review(reason: ReviewReason) -> Step:
    return Step(Verdict.REVIEW, None, None, None, reason)


def _step(rule: int, days: int, proposed: int, rules: LadderRules) -> Step:
    return Step(Verdict.INTERVAL, rule, days, min(max(proposed, rules.shortest_days), rules.longest_days))
