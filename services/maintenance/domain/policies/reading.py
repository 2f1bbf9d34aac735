"""What the ladder reads from a patient's PHQ-9 scores: B, N and s. Source: docs/clinical/ladder.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.maintenance.domain.facts import Score, Session


@dataclass(frozen=True, slots=True)
class Reading:
    """`baseline` (B): last score before the first administration. `lowest` (N): lowest after it, `current` included.

    `current` (s): latest after it, kept here even when `stale`, so that the explanation can name it. A score is stale
    when it is older than it may be at the instant of reading.
    """

    baseline: int | None
    lowest: int | None
    current: Score | None
    stale: bool


def read_scores(
    scores: Iterable[Score], first_session: Session | None, *, at: datetime, valid_for: timedelta
) -> Reading:
    """Read B, N and s at `at`; exactly `valid_for` old is still fresh.

    "Before" and "after" the first administration are told by its start; at the same instant, by the order of learning.
    """
    in_order = sorted(scores, key=lambda score: (score.taken_at, score.order))
    before = [score for score in in_order if first_session is None or _is_before(score, first_session)]
    after = in_order[len(before) :]
    current = after[-1] if after else None
    return Reading(
        baseline=before[-1].total if before else None,
        lowest=min((score.total for score in after), default=None),
        current=current,
        stale=current is not None and at - current.taken_at > valid_for,
    )


def _is_before(score: Score, session: Session) -> bool:
    return (score.taken_at, score.order) < (session.started_at, session.order)
