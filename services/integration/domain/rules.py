"""All of integration's numbers in one place, for the edges to hand around."""

from dataclasses import dataclass, field

from services.integration.domain.policies.prompts import PromptRules
from services.integration.domain.policies.steps import StepRules
from services.integration.domain.policies.window import WindowRules


@dataclass(frozen=True, slots=True)
class IntegrationRules:
    window: WindowRules = field(default_factory=WindowRules)
    prompts: PromptRules = field(default_factory=PromptRules)
    steps: StepRules = field(default_factory=StepRules)
