"""What is wrong with a form is told in the order in which the form is read."""

from flask import Flask

from shared.kernel.errors import FieldError, Invalid
from shared.web.pages.forms import Typed

_REFUSED = Invalid(
    FieldError("/family_name", "This is needed."),
    FieldError("/baseline/spo2_percent", "Must be 30 to 100."),
    FieldError("/given_name", "This is needed."),
)


def _told(**typed: str) -> list[str]:
    with Flask(__name__).test_request_context(method="POST", data=typed):
        return list(Typed.refused(_REFUSED).errors)


def test_errors_stand_in_the_order_of_the_fields() -> None:
    told = _told(given_name="", family_name="", **{"baseline.spo2_percent": "7"})
    assert told == ["given_name", "family_name", "baseline.spo2_percent"]


def test_a_choice_that_nobody_made_comes_last() -> None:
    assert _told(given_name="", family_name="") == ["given_name", "family_name", "baseline.spo2_percent"]
