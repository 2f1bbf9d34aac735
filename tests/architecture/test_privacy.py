"""Ratchets on privacy: what must never reach a log, a metric, an event or an address."""

import ast
import re

import pytest

from shared.contracts.registry import REGISTRY
from shared.web.access import access_table
from tests.architecture.tree import SERVICES, modules, name_of, parsed

_LOG_CALLS = {"debug", "info", "warning", "error", "critical", "exception"}
# a field of this name in a log would be somebody's
_PRIVATE = {
    *("name", "family_name", "given_name", "birth_date", "phone", "relationship", "identified_by", "address"),
    *("text", "note", "reason_text", "words_fail_me", "body", "feelings", "mood", "mood_0_10", "answers", "score"),
    *("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent", "token", "password", "row", "payload"),
}
# a colleague's: their subject says who it was
_OF_STAFF = {
    *("made_by_name", "done_by_name", "snoozed_by_name", "opened_by_name", "therapist_name"),
    *("acknowledged_by_name", "resolved_by_name", "ordered_by_name", "confirmed_by_name"),
}
_NEVER_ON_THE_BUS = _PRIVATE - {"mood_0_10", "mood"} | _OF_STAFF | {"record_number", "email", "item_9", "phq_9"}


def _log_calls() -> list[tuple[str, ast.Call]]:
    return [
        (f"{name_of(path)}:{node.lineno}", node)
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _LOG_CALLS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"_log", "log", "logger", "_logger"}
    ]


def test_a_log_message_is_constant_with_fields_beside_it() -> None:
    composed = [
        where
        for where, call in _log_calls()
        if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant) or not isinstance(call.args[0].value, str)
    ]

    assert _log_calls()
    assert composed == []


def test_no_log_has_a_field_that_is_a_patients_or_a_secret() -> None:
    private = [
        f"{where} {word.arg}"
        for where, call in _log_calls()
        for word in call.keywords
        if word.arg in _PRIVATE | _OF_STAFF
    ]

    assert private == []


def test_no_log_prints_an_exceptions_own_words() -> None:
    """A database error quotes the row; what a log may hold is the error's type and where it happened."""
    quoting = [
        f"{where} {word.arg}"
        for where, call in _log_calls()
        for word in call.keywords
        if word.arg == "exc_info"
        or (
            isinstance(word.value, ast.Call)
            and isinstance(word.value.func, ast.Name)
            and word.value.func.id in {"str", "repr"}
            and any(isinstance(inner, ast.Name) and inner.id in {"error", "exc", "e"} for inner in word.value.args)
        )
    ]

    # an address that can't be read, before any patient is: it names what to mend in AFTERGLOW_EVENTS
    assert [found for found in quoting if not found.startswith("shared/messaging/provision.py")] == []


@pytest.mark.parametrize("contract", REGISTRY, ids=lambda contract: contract.type)
def test_an_event_carries_ids_and_operational_facts_only(contract: object) -> None:
    fields = set(contract.schema().fields)  # type: ignore[attr-defined]

    assert not fields & _NEVER_ON_THE_BUS


@pytest.mark.parametrize("service", SERVICES)
def test_an_address_holds_ids_only(service: str) -> None:
    records = [route for route in access_table(service) if not route.endswith("/docs/assets/{name}")]
    held = {name for route in records for name in re.findall(r"{(\w+)}", route)}

    assert not {name for name in held if not name.endswith("_id")}
