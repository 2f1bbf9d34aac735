"""What intake's edges may use."""

from dataclasses import dataclass, field

from services.intake.domain.rules import IntakeRules
from shared.launch.keys import SigningKey
from shared.operations.deps import OperatedDeps


@dataclass(frozen=True, kw_only=True)
class Deps(OperatedDeps):
    """The service's rules beside what every service has, and the key that signs its staff in.

    `signing` None: this server has no key, so nobody can sign in here.
    """

    rules: IntakeRules = field(default_factory=IntakeRules)
    signing: SigningKey | None = None
    # sign-in without a password, as somebody made up
    demo_sign_in: bool = False
