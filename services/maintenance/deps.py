"""What maintenance's edges may use."""

from dataclasses import dataclass

from services.maintenance.domain.rules import MaintenanceRules
from shared.web.deps import ServiceDeps


@dataclass(frozen=True, kw_only=True)
class Deps(ServiceDeps):
    """The service's rules beside what every service has."""

    rules: MaintenanceRules
