"""Why an interval is what it is, in one line that names B, N, s and the rule."""

from services.maintenance.domain.policies.ladder import LadderRules, ReviewReason, Step, Verdict
from services.maintenance.domain.policies.reading import Reading

_REVIEWS = {
    ReviewReason.OWN_LABEL_SCHEDULE: "own label schedule, the ladder sets no interval",
    ReviewReason.NO_INDICATION: "the course has no indication, a prescriber decides",
    ReviewReason.NO_BASELINE: "no usable baseline, a prescriber decides",
    ReviewReason.NO_SCORE: "no score since the first dose, a prescriber decides",
    ReviewReason.STALE_SCORE: "the score is stale, a prescriber decides",
    ReviewReason.NO_RESPONSE: "no response yet, a prescriber decides",
}


def explain(step: Step, reading: Reading, rules: LadderRules) -> str:
    """ "rule 6: PHQ-9 4 of baseline 18, lowest 4: 42 → 56 days"."""
    scores = _scores(reading)
    if step.verdict is Verdict.REVIEW and step.reason is not None:
        return f"prescriber review: {scores}: {_REVIEWS[step.reason]}"
    if step.rule is None:
        remission = reading.current is not None and reading.current.total < rules.remission_below
        return f"first interval: {scores}, {'remission' if remission else 'response'}: {step.days} days"
    stale = ", stale" if step.rule == 2 else ""
    tail = {
        Verdict.WORSENING: f", review within {rules.review_within.days} days",
        Verdict.RELAPSE: f", relapse, review within {rules.review_within.days} days",
    }.get(step.verdict, "")
    return f"rule {step.rule}: {scores}{stale}: {step.previous_days} → {step.days} days{tail}"


def explain_hold(reading: Reading) -> str:
    return f"rule 1: {_scores(reading)}, item 9: on hold until a person has resolved the escalation"


def explain_override(days: int, ladder: str | None) -> str:
    """An override stands in front of the ladder's own words, which it keeps."""
    told = f"override: {days} days, set by a prescriber"
    return told if ladder is None else f"{told} (in place of {ladder})"


def explain_induction(done: int, planned: int | None) -> str:
    if planned is None:
        return "no session completed yet"
    return f"{done} of {planned} planned sessions completed"


def _scores(reading: Reading) -> str:
    current = "missing" if reading.current is None else str(reading.current.total)
    baseline = "missing" if reading.baseline is None else str(reading.baseline)
    lowest = "missing" if reading.lowest is None else str(reading.lowest)
    return f"PHQ-9 {current} of baseline {baseline}, lowest {lowest}"
