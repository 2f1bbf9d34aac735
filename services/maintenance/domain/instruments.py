"""The four questionnaires: how many items, which answers, which published form.

Source: docs/clinical/assessments.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class Instrument(StrEnum):
    PHQ_9 = "phq-9"
    GAD_7 = "gad-7"
    PCL_5 = "pcl-5"
    QIDS_SR16 = "qids-sr16"


class Band(StrEnum):
    """Severity in the words that the house uses for every instrument."""

    MINIMAL = "minimal"
    MILD = "mild"
    MODERATE = "moderate"
    MODERATELY_SEVERE = "moderately-severe"
    SEVERE = "severe"


class PclCut(StrEnum):
    """Where a PCL-5 total lies against the published cut of 31 to 33; a screening hint, never a diagnosis."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Form:
    """`items` answers of 0 to `highest_answer` each, in the printed order. `version` is kept with every assessment.

    `suicide_item` is the number (from 1) of the item that asks about death or suicide, None when no item does.
    """

    instrument: Instrument
    version: str
    items: int
    highest_answer: int
    highest_score: int
    suicide_item: int | None


FORMS: dict[Instrument, Form] = {
    form.instrument: form
    for form in (
        Form(Instrument.PHQ_9, "phq-9/1999", items=9, highest_answer=3, highest_score=27, suicide_item=9),
        Form(Instrument.GAD_7, "gad-7/2006", items=7, highest_answer=3, highest_score=21, suicide_item=None),
        Form(Instrument.PCL_5, "pcl-5/2013-month", items=20, highest_answer=4, highest_score=80, suicide_item=None),
        Form(Instrument.QIDS_SR16, "qids-sr16/2003", items=16, highest_answer=3, highest_score=27, suicide_item=12),
    )
}
