"""What intake's edges may use."""

from dataclasses import dataclass, field

from services.intake.domain.rules import IntakeRules
from shared.web.deps import ServiceDeps


@dataclass(frozen=True, kw_only=True)
class Deps(ServiceDeps):
    """The service's rules beside what every service has."""

    rules: IntakeRules = field(default_factory=IntakeRules)
