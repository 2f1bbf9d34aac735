"""Whether a later JSON Schema of an event may follow an earlier one within the same major version.

Within a major version everybody reads everybody: today's consumers what was ever published, and consumers that were
never upgraded what is published today. That leaves one change: adding a field that may be missing. Whatever else
changed is told in a sentence that names the field and who would be hurt.
"""

from collections.abc import Mapping
from typing import Any

_WORDS = frozenset({"title", "description", "examples", "$id", "$schema", "$comment"})
_LOWER_LIMITS = frozenset({"minimum", "exclusiveMinimum", "minLength"})
_UPPER_LIMITS = frozenset({"maximum", "exclusiveMaximum", "maxLength"})
_PAST = "today's consumers would refuse what was published before"
_FUTURE = "consumers of an earlier version would refuse what is published now"

Schema = Mapping[str, Any]


def breaks(old: Schema, new: Schema) -> list[str]:
    """A sentence for each change from `old` to `new` that breaks somebody; empty when both may be in use at once."""
    before, after = old["properties"], new["properties"]
    found = [
        f"{name}: the field was removed or renamed: consumers of an earlier version still read it."
        for name in sorted(before.keys() - after.keys())
    ]
    found += [
        f"{name}: the new field is required: {_PAST}, which doesn't have it."
        for name in sorted(after.keys() - before.keys())
        if name in new["required"]
    ]
    for name in sorted(before.keys() & after.keys()):
        found += [f"{name}: {change}" for change in _field_breaks(before[name], after[name])]
        if name in new["required"] and name not in old["required"]:
            found.append(f"{name}: the field became required: {_PAST} without it.")
        if name in old["required"] and name not in new["required"]:
            found.append(f"{name}: the field became optional: {_FUTURE} without it.")
    whole = [{key: schema[key] for key in schema if key not in {"properties", "required"}} for schema in (old, new)]
    return found + [f"the event as a whole: {change}" for change in _field_breaks(*whole)]


def _field_breaks(old: Schema, new: Schema) -> list[str]:
    found: list[str] = []
    for keyword in sorted((old.keys() | new.keys()) - _WORDS):
        before, after = old.get(keyword), new.get(keyword)
        if before == after:
            continue
        match keyword:
            case "type" | "enum" if before is not None and after is not None:
                found += _choice_breaks("type" if keyword == "type" else "value", _choices(before), _choices(after))
            case _ if keyword in _LOWER_LIMITS | _UPPER_LIMITS:
                found.append(_limit_break(keyword, before, after))
            case "default":
                found.append(
                    f"its default changed from {before} to {after}: what was published without the field would now "
                    "mean something else."
                )
            case _ if before is None:
                found.append(f"{keyword} {after} was added: {_PAST}.")
            case _ if after is None:
                found.append(f"{keyword} {before} was dropped: {_FUTURE}.")
            case _:
                found.append(f"{keyword} changed from {before} to {after}: {_PAST}, or the other way round.")
    return found


def _choice_breaks(what: str, before: set[str], after: set[str]) -> list[str]:
    gone = [f"{what} {choice} was removed: {_PAST}." for choice in sorted(before - after)]
    return gone + [f"{what} {choice} was added: {_FUTURE}." for choice in sorted(after - before)]


def _choices(value: Any) -> set[str]:
    return {str(choice) for choice in (value if isinstance(value, list) else [value])}


def _limit_break(keyword: str, before: float | None, after: float | None) -> str:
    if before is None or after is None:
        narrower = before is None
    else:
        narrower = after > before if keyword in _LOWER_LIMITS else after < before
    return f"{keyword} changed from {before} to {after}: {_PAST if narrower else _FUTURE}."
