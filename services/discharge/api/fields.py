"""Fields that only discharge's bodies need."""

import math
from typing import Any

from marshmallow import ValidationError, fields

from services.discharge.domain.observation import Limits
from shared.web.fields import Whole


class Hours(fields.Float):
    """Hours of one night, 0 to 24, both inclusive; fractions allowed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"minimum": 0, "maximum": 24}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValidationError("Not a number.")
        if not 0 <= value <= 24:
            raise ValidationError("Must be 0 to 24.")
        return float(value)


def within(limits: Limits, **kwargs: Any) -> Whole:
    """A whole number that was measured; null and absent both mean: not charted."""
    return Whole(limits.low, limits.high, allow_none=True, load_default=None, **kwargs)
