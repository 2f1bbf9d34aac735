"""What opens under a row of the boosters to call: the outcome's form, the snooze's, and the calls so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.intake.deps import Deps
from services.intake.domain.calls import REASONS as FITTING
from services.intake.domain.calls import CallOutcome
from services.intake.pages.booster_rows import BoosterListRow, Desk, Step
from services.intake.pages.booster_words import OUTCOMES, REASONS, SNOOZES
from services.intake.store import calls
from services.intake.store.tables import BoosterCallRow
from shared.web import context
from shared.web.pages.words import count


class As(StrEnum):
    OUTCOME = "outcome"
    SNOOZE = "snooze"


@dataclass(frozen=True, slots=True)
class Told:
    """A call that was made, in words. `note` None: none was written."""

    call: BoosterCallRow
    words: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`outcomes` are (value, words, what it does); `reasons` the choices by outcome; `latest` the furthest day."""

    row: BoosterListRow
    kind: As
    number: int
    told: Sequence[Told]
    outcomes: Sequence[tuple[str, str, str]]
    reasons: dict[str, list[tuple[str, str]]]
    snoozes: Sequence[tuple[str, str]]
    tomorrow: date
    latest: date

    @property
    def takes_outcome(self) -> bool:
        return self.row.step is Step.CALL and self.kind is As.OUTCOME

    @property
    def takes_snooze(self) -> bool:
        return self.row.step is Step.CALL and self.kind is As.SNOOZE


def sheet_of(row: BoosterListRow, kind: As, deps: Deps, desk: Desk) -> Sheet:
    """Reading the calls is audited: the desk's notes stand in them."""
    booster = row.line.row
    made = calls.of_booster(context.uow().session, booster.booster_id)
    context.audit_read(
        "booster-calls-read", patient_id=booster.patient_id, record_id=booster.booster_id, site_id=booster.site_id
    )
    days = {
        "no_answer": count(desk.rules.again_after_no_answer_days, "day"),
        "message": count(desk.rules.again_after_message_days, "day"),
    }
    return Sheet(
        row=row,
        kind=kind,
        number=row.line.contact.calls + 1,
        told=[Told(call, _told(call), calls.note_of(call, deps.sealer)) for call in made],
        outcomes=[(outcome.value, words, does.format(**days)) for outcome, (words, does) in OUTCOMES.items()],
        reasons={outcome.value: _reasons(outcome) for outcome in FITTING},
        snoozes=[("", "Choose"), *((reason.value, words) for reason, words in SNOOZES.items())],
        tomorrow=desk.today + timedelta(days=1),
        latest=desk.today + timedelta(days=desk.rules.furthest_days),
    )


def _reasons(outcome: CallOutcome) -> list[tuple[str, str]]:
    first = "Not said" if outcome is CallOutcome.CALL_BACK_LATER else "Choose"
    return [("", first), *((reason.value, REASONS[reason]) for reason in FITTING[outcome])]


def _told(call: BoosterCallRow) -> str:
    words, _ = OUTCOMES[call.outcome]
    return f"{words}: {REASONS[call.reason].lower()}" if call.reason else words
