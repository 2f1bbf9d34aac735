"""All of intake's rules together, as they are wired: one value a site network."""

from dataclasses import dataclass, field

from services.intake.domain.policies.booking import BookingRules
from services.intake.domain.policies.calling import CallRules
from services.intake.domain.policies.dosing import DoseRules
from services.intake.domain.policies.duplicates import DuplicateRules
from services.intake.domain.policies.planning import PlanningRules
from services.intake.domain.policies.timing import TimingRules
from services.intake.domain.policies.transport import TransportRules
from services.intake.domain.policies.undo import UndoRules
from services.intake.domain.policies.urgency import UrgencyRules
from services.intake.domain.policies.vitals import VitalRules


@dataclass(frozen=True, slots=True)
class IntakeRules:
    booking: BookingRules = field(default_factory=BookingRules)
    calling: CallRules = field(default_factory=CallRules)
    dosing: DoseRules = field(default_factory=DoseRules)
    duplicates: DuplicateRules = field(default_factory=DuplicateRules)
    planning: PlanningRules = field(default_factory=PlanningRules)
    timing: TimingRules = field(default_factory=TimingRules)
    transport: TransportRules = field(default_factory=TransportRules)
    undo: UndoRules = field(default_factory=UndoRules)
    urgency: UrgencyRules = field(default_factory=UrgencyRules)
    vitals: VitalRules = field(default_factory=VitalRules)
