"""The words of the questionnaires that staff enter item by item.

PHQ-9 (1999) and GAD-7 (2006) by Spitzer, Williams, Kroenke and colleagues: no permission is needed to reproduce,
translate, display or distribute them. PCL-5 and QIDS-SR16 come from portals only. Source: docs/clinical/assessments.md.
"""

from dataclasses import dataclass

from services.maintenance.domain.instruments import Instrument


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """`items` in form order; `answers` from 0 on."""

    name: str
    asks: str
    items: tuple[str, ...]
    answers: tuple[str, ...]


_TWO_WEEKS = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
_HOW_OFTEN = ("Not at all", "Several days", "More than half the days", "Nearly every day")

QUESTIONNAIRES = {
    Instrument.PHQ_9: Questionnaire(
        name="PHQ-9",
        asks=_TWO_WEEKS,
        items=(
            "Little interest or pleasure in doing things",
            "Feeling down, depressed, or hopeless",
            "Trouble falling or staying asleep, or sleeping too much",
            "Feeling tired or having little energy",
            "Poor appetite or overeating",
            "Feeling bad about yourself, or that you are a failure or have let yourself or your family down",
            "Trouble concentrating on things, such as reading the newspaper or watching television",
            "Moving or speaking so slowly that other people could have noticed, or the opposite: being so fidgety or "
            "restless that you have been moving around a lot more than usual",
            "Thoughts that you would be better off dead or of hurting yourself in some way",
        ),
        answers=_HOW_OFTEN,
    ),
    Instrument.GAD_7: Questionnaire(
        name="GAD-7",
        asks=_TWO_WEEKS,
        items=(
            "Feeling nervous, anxious or on edge",
            "Not being able to stop or control worrying",
            "Worrying too much about different things",
            "Trouble relaxing",
            "Being so restless that it is hard to sit still",
            "Becoming easily annoyed or irritable",
            "Feeling afraid as if something awful might happen",
        ),
        answers=_HOW_OFTEN,
    ),
}
