"""Scores a questionnaire item by item. Source: docs/clinical/assessments.md."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.maintenance.domain.instruments import FORMS, Band, Form, Instrument, PclCut
from shared.kernel.errors import FieldError

# lowest score of each band, highest band first; inclusive
_BANDS: dict[Instrument, tuple[tuple[int, Band], ...]] = {
    Instrument.PHQ_9: (
        (20, Band.SEVERE),
        (15, Band.MODERATELY_SEVERE),
        (10, Band.MODERATE),
        (5, Band.MILD),
        (0, Band.MINIMAL),
    ),
    Instrument.GAD_7: ((15, Band.SEVERE), (10, Band.MODERATE), (5, Band.MILD), (0, Band.MINIMAL)),
    # published as none, mild, moderate, severe and very severe; the last two are both "severe" here
    Instrument.QIDS_SR16: ((16, Band.SEVERE), (11, Band.MODERATE), (6, Band.MILD), (0, Band.MINIMAL)),
    Instrument.PCL_5: (),
}
_PCL_CUT_LOW, _PCL_CUT_HIGH = 31, 33
# QIDS-SR16 counts the worst of sleep (1-4), of appetite and weight (6-9) and of slowing and restlessness (15-16)
_QIDS_WORST_OF = ((1, 2, 3, 4), (6, 7, 8, 9), (15, 16))
_QIDS_SINGLE = (5, 10, 11, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Scored:
    """`band` is None where the instrument has no bands; `cut` is for PCL-5 only.

    `suicide_answer` is the answer to the item about death or suicide, None when the form has none.
    """

    form_version: str
    score: int
    band: Band | None
    cut: PclCut | None
    suicide_answer: int | None


def complaints_about(instrument: Instrument, answers: Sequence[int]) -> tuple[FieldError, ...]:
    """Why these answers can't be scored: their number, then each one out of range. Never says what was answered."""
    form = FORMS[instrument]
    if len(answers) != form.items:
        return (FieldError("/answers", f"This form has {form.items} items; answer each of them, in form order."),)
    return tuple(
        FieldError(f"/answers/{place}", f"Must be 0 to {form.highest_answer}.")
        for place, answer in enumerate(answers)
        if not 0 <= answer <= form.highest_answer
    )


def score(instrument: Instrument, answers: Sequence[int]) -> Scored:
    """Total, band and the suicide item of a complete form. Raises ValueError when `complaints_about` has any."""
    if complaints_about(instrument, answers):
        raise ValueError("only a complete form within its ranges is scored")
    form = FORMS[instrument]
    total = _qids(answers) if instrument is Instrument.QIDS_SR16 else sum(answers)
    return Scored(
        form_version=form.version,
        score=total,
        band=band_of(instrument, total),
        cut=_pcl_cut(total) if instrument is Instrument.PCL_5 else None,
        suicide_answer=_suicide_answer(form, answers),
    )


def band_of(instrument: Instrument, total: int) -> Band | None:
    return next((band for lowest, band in _BANDS[instrument] if total >= lowest), None)


def _qids(answers: Sequence[int]) -> int:
    worst = sum(max(answers[item - 1] for item in group) for group in _QIDS_WORST_OF)
    return worst + sum(answers[item - 1] for item in _QIDS_SINGLE)


def _pcl_cut(total: int) -> PclCut:
    if total < _PCL_CUT_LOW:
        return PclCut.BELOW
    return PclCut.WITHIN if total <= _PCL_CUT_HIGH else PclCut.ABOVE


def _suicide_answer(form: Form, answers: Sequence[int]) -> int | None:
    return None if form.suicide_item is None else answers[form.suicide_item - 1]
