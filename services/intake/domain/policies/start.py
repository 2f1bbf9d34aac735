"""What stands against starting a session: the way home, and a booster that maintenance holds.

Source: docs/clinical/transport-before-dosing.md, docs/clinical/booster-worklist.md.
"""

from datetime import datetime

from services.intake.domain.boosters import PlanWord
from services.intake.domain.policies.transport import TRANSPORT_MISSING, TransportRules, decide_transport
from services.intake.domain.sessions import SessionKind
from services.intake.domain.transport import Transport
from shared.kernel.decision import Decision, Reason

ON_HOLD = "on-hold"


def decide_start(
    transport: Transport | None,
    booster: PlanWord | None,
    rules: TransportRules,
    *,
    kind: SessionKind,
    starts_at: datetime,
    now: datetime,
) -> Decision:
    """Decide whether a session may start. `booster` is maintenance's word on the open cycle, None without one.

    A hold comes first: no ride lifts it. It stops boosters only; maintenance speaks of no inductions.
    """
    held = kind is SessionKind.BOOSTER and booster is PlanWord.HELD
    hold = (Reason(ON_HOLD, "Boosters are on hold: a clinician is in contact with the patient. Ask the clinician."),)
    way_home = decide_transport(transport, rules, starts_at=starts_at, now=now)
    return Decision((*(hold if held else ()), *way_home.reasons))


def refusal_code(decision: Decision) -> str:
    """One stable code for a refused start; `reasons` has the rest. Whatever lacks in the way home is one code."""
    only_held = all(reason.code == ON_HOLD for reason in decision.reasons)
    return ON_HOLD if only_held else TRANSPORT_MISSING
