"""All of maintenance's rules in one value, as the edges hand them to the use cases."""

from dataclasses import dataclass, field

from services.maintenance.domain.crisis import DEMO_LINES, CrisisLine
from services.maintenance.domain.policies.calling import CallingRules
from services.maintenance.domain.policies.escalation import EscalationRules
from services.maintenance.domain.policies.ladder import LadderRules
from services.maintenance.domain.policies.overriding import OverrideRules
from services.maintenance.domain.policies.timing import TimingRules


@dataclass(frozen=True, slots=True)
class MaintenanceRules:
    ladder: LadderRules = field(default_factory=LadderRules)
    escalation: EscalationRules = field(default_factory=EscalationRules)
    calling: CallingRules = field(default_factory=CallingRules)
    override: OverrideRules = field(default_factory=OverrideRules)
    timing: TimingRules = field(default_factory=TimingRules)
    crisis_lines: tuple[CrisisLine, ...] = DEMO_LINES
