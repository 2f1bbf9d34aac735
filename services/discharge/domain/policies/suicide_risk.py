"""When a concern about suicide is still open. Source: docs/clinical/release.md."""

from collections.abc import Sequence

from services.discharge.domain.recovery import SuicideRiskCheck
from services.discharge.domain.states import SuicideRiskOutcome


def open_concern(checks: Sequence[SuicideRiskCheck]) -> bool:
    """Whether a concern stands. `checks` are in the order of recording.

    A concern is lifted only by a no-concern that a prescriber (or medical director) recorded after it and performed no
    earlier than it. Anybody else's no-concern is kept, and lifts nothing.
    """
    standing: SuicideRiskCheck | None = None
    for check in checks:
        if check.outcome is SuicideRiskOutcome.CONCERN:
            standing = check if standing is None or check.performed_at > standing.performed_at else standing
        elif standing is not None and check.by_prescriber and check.performed_at >= standing.performed_at:
            standing = None
    return standing is not None
