"""What discharge's edges may use."""

from dataclasses import dataclass, field

from services.discharge.domain.rule_book import RuleBook
from shared.operations.deps import OperatedDeps


@dataclass(frozen=True, kw_only=True)
class Deps(OperatedDeps):
    """The service's rules beside what every service has."""

    book: RuleBook = field(default_factory=RuleBook)
