"""What somebody chose to see of the boosters to call: the counts on top and the filters. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from services.intake.domain.calls import CallOutcome
from services.intake.domain.products import Product
from services.intake.pages.booster_rows import BoosterListRow, Group
from services.intake.pages.booster_words import OUTCOMES
from services.intake.pages.today_rows import PRODUCT_WORDS

EVERYONE = "everyone"
_ANY, _NOBODY = "any", "nobody-called"
_MANY = 3
OUTCOME_CHOICES = [
    (_ANY, "Any"),
    (_NOBODY, "Nobody has called"),
    *((outcome.value, words) for outcome, (words, _) in OUTCOMES.items()),
]
CALLS_CHOICES = [(_ANY, "Any number"), ("0", "None"), ("1", "1 call"), ("2", "2 calls"), ("3", "3 or more")]
PRODUCT_CHOICES = [(_ANY, "All products"), *((product.value, words) for product, words in PRODUCT_WORDS.items())]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address said; whatever it can't mean is as if it were not said."""

    show: str = EVERYONE
    outcome: str = _ANY
    calls: str = _ANY
    product: str = _ANY

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Choice":
        return cls(
            show=_one_of(asked, "show", (EVERYONE, *Group), EVERYONE),
            outcome=_one_of(asked, "outcome", [value for value, _ in OUTCOME_CHOICES], _ANY),
            calls=_one_of(asked, "calls", [value for value, _ in CALLS_CHOICES], _ANY),
            product=_one_of(asked, "product", [value for value, _ in PRODUCT_CHOICES], _ANY),
        )

    @property
    def text(self) -> str:
        """As an address says it; empty when nothing was chosen."""
        said = {"show": self.show, "outcome": self.outcome, "calls": self.calls, "product": self.product}
        return urlencode({name: value for name, value in said.items() if value not in (EVERYONE, _ANY)})

    @property
    def filtered(self) -> bool:
        return replace(self, show=EVERYONE) != Choice()

    def showing(self, show: str) -> "Choice":
        return replace(self, show=show)

    def admits(self, row: BoosterListRow) -> bool:
        """Whether the filters let `row` through, whatever group is shown."""
        return self._fits_outcome(row) and self._fits_calls(row) and self._fits_product(row)

    def shows(self, group: Group) -> bool:
        return self.show in (EVERYONE, group)

    def _fits_outcome(self, row: BoosterListRow) -> bool:
        last = row.line.contact.last
        match self.outcome:
            case "any":
                return True
            case "nobody-called":
                return last is None
            case outcome:
                return last is not None and last.outcome is CallOutcome(outcome)

    def _fits_calls(self, row: BoosterListRow) -> bool:
        if self.calls == _ANY:
            return True
        return min(row.line.contact.calls, _MANY) == int(self.calls)

    def _fits_product(self, row: BoosterListRow) -> bool:
        course = row.line.course
        return self.product == _ANY or (course is not None and course.product is Product(self.product))


def _one_of(asked: Mapping[str, str], name: str, allowed: object, otherwise: str) -> str:
    found = asked.get(name, otherwise)
    return found if isinstance(allowed, (list, tuple)) and found in allowed else otherwise
