"""Scores over time: what the drawing needs, the same as lines of a table, and as one sentence. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.maintenance.domain.facts import SessionKind
from services.maintenance.domain.instruments import Band, Instrument
from services.maintenance.domain.policies.scoring import band_of
from services.maintenance.store.tables import AssessmentRow, SessionRow
from shared.web.pages.words import count, full_day

NAMES = {
    Instrument.PHQ_9: "PHQ-9",
    Instrument.GAD_7: "GAD-7",
    Instrument.PCL_5: "PCL-5",
    Instrument.QIDS_SR16: "QIDS-SR16",
}
# where each band of PHQ-9 lies, for words at the drawing's edge; the score in the middle of the band
_PHQ9_WORDS = ((2, "minimal"), (7, "mild"), (12, "moderate"), (17, "mod. severe"), (23, "severe"))
_DRAWN = (Instrument.PHQ_9, Instrument.GAD_7)


@dataclass(frozen=True, slots=True)
class Line:
    """One assessment of the table."""

    taken_at: datetime
    name: str
    score: int
    band: str
    item_9: int | None


def lines_of(rows: Iterable[AssessmentRow]) -> list[Line]:
    """Newest first."""
    found = [
        Line(
            row.taken_at,
            NAMES[row.instrument],
            row.score,
            band_words(band_of(row.instrument, row.score)),
            row.suicide_answer if row.instrument is Instrument.PHQ_9 else None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: line.taken_at, reverse=True)


def band_words(band: Band | None) -> str:
    return "" if band is None else band.value.replace("-", " ")


def drawing_of(rows: Iterable[AssessmentRow], given: Iterable[SessionRow], zone: ZoneInfo) -> dict[str, object] | None:
    """Seconds and scores for the browser to draw; None with fewer than two PHQ-9."""
    known = list(rows)
    if sum(row.instrument is Instrument.PHQ_9 for row in known) < 2:
        return None
    return {
        "zone": zone.key,
        "lines": [
            {
                "name": NAMES[instrument],
                "points": [[int(r.taken_at.timestamp()), r.score] for r in known if r.instrument is instrument],
            }
            for instrument in _DRAWN
            if any(r.instrument is instrument for r in known)
        ],
        "bands": [[at, words] for at, words in _PHQ9_WORDS],
        "sessions": [[int(s.ended_at.timestamp()), s.kind.value] for s in given],
    }


def sentence(rows: Sequence[AssessmentRow], given: Sequence[SessionRow], zone: ZoneInfo) -> str:
    """The drawing in words: where PHQ-9 began, its lowest, where it is now. `rows` oldest first."""
    scores = [row for row in rows if row.instrument is Instrument.PHQ_9]
    if not scores:
        return ""
    first = min((s.started_at for s in given), default=None)
    before = [row for row in scores if first is None or row.taken_at < first]
    after = scores[len(before) :]
    now = scores[-1]
    words = [f"{now.score} on {full_day(now.taken_at, zone)}"]
    if before and before[-1] is not now:
        words.append(f"baseline {before[-1].score}")
    if after:
        words.append(f"lowest {min(row.score for row in after)}")
    boosters = sum(s.kind is SessionKind.BOOSTER for s in given)
    told = ", ".join(words)
    return f"{told}; {count(len(given) - boosters, 'induction')}, {count(boosters, 'booster')}" if given else told
