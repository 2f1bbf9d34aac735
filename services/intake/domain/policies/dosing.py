"""Which charted amounts are possible at all. What to give is the prescriber's matter, never the software's.

Source: docs/clinical/charted-dose.md.
"""

import math
from dataclasses import dataclass

from shared.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class DoseRules:
    """Milligrams: more than 0, up to `max_mg` inclusive, to a thousandth."""

    max_mg: float = 1000.0
    decimals: int = 3

    def __post_init__(self) -> None:
        if self.max_mg <= 0 or self.decimals < 0:
            raise ValueError("max_mg must be above 0, decimals not below")


def check_dose(dose_mg: float, rules: DoseRules) -> tuple[FieldError, ...]:
    if not math.isfinite(dose_mg) or not 0 < dose_mg <= rules.max_mg:
        return (FieldError("/dose_mg", f"Must be more than 0 and at most {rules.max_mg:g} mg."),)
    if round(dose_mg, rules.decimals) != dose_mg:
        return (FieldError("/dose_mg", f"Must have at most {rules.decimals} decimals."),)
    return ()
