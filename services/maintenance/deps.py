"""What maintenance's edges may use."""

from dataclasses import dataclass

from services.maintenance.domain.rules import MaintenanceRules
from shared.operations.deps import OperatedDeps


@dataclass(frozen=True, kw_only=True)
class Deps(OperatedDeps):
    """The service's rules beside what every service has."""

    rules: MaintenanceRules
