"""Crisis lines on the wire."""

from services.maintenance.domain.rules import MaintenanceRules


def crisis_lines(rules: MaintenanceRules) -> list[dict[str, str]]:
    return [{"name": line.name, "contact": line.contact, "hours": line.hours} for line in rules.crisis_lines]
