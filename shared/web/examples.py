"""Request examples for the API's documents: plausible values by field name, else the plainest one the schema takes.

Fictional people and numbers only. A test holds every example against its own schema.
"""

from typing import Any

Schema = dict[str, Any]

_UUID = "7b0c6a3e-4d0e-4f57-9c7e-2f6f0d6f5a10"
_BY_NAME: dict[str, Any] = {
    "family_name": "Rivera",
    "given_name": "Alma",
    "name": "Sam Rivera",
    "birth_date": "1984-06-17",
    "phone": "+1 555 0100",
    "relationship": "sister",
    "home_site_id": "riverside",
    "site_id": "riverside",
    "chair_id": "r1",
    "planned_sessions": 6,
    "duration_minutes": 180,
    "dose_mg": 50,
    "lot": "K-2031",
    "overnight_time_zone": "America/New_York",
    "systolic_mmhg": 124,
    "diastolic_mmhg": 78,
    "heart_rate_bpm": 70,
    "spo2_percent": 98,
    "moaas": 5,
    "nausea_0_10": 0,
    "cadss": 2,
    "cadss_6": 0,
    "mood_0_10": 6,
    "slept_hours": 7.5,
    "interval_days": 42,
    "identified_by": "driving licence",
    "entered_in_error": False,
    "vomiting": False,
}
_BY_FORMAT = {
    "uuid": _UUID,
    "date": "2026-03-02",
    "date-time": "2026-03-02T15:20:00Z",
}


def example_of(schema: Schema, components: dict[str, Schema], name: str = "") -> Any:
    """A value that `schema` takes; `components` are the document's schemas, for references."""
    schema = _resolved(schema, components)
    if "example" in schema:
        return schema["example"]
    if _fits(_BY_NAME.get(name), schema):
        return _BY_NAME[name]
    if "enum" in schema:
        return next(value for value in schema["enum"] if value is not None)
    match _kind(schema):
        case "object":
            fields = schema.get("properties", {})
            return {field: example_of(inner, components, field) for field, inner in fields.items()}
        case "array":
            wanted = max(1, schema.get("minItems", 1))
            return [example_of(schema["items"], components, name) for _ in range(wanted)]
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 1)
        case _:
            text = _BY_FORMAT.get(schema.get("format", ""), "As discussed with the patient.")
            return text[: schema.get("maxLength", len(text))]


def _resolved(schema: Schema, components: dict[str, Schema]) -> Schema:
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            schema = next((part for part in schema[key] if part.get("type") != "null"), {})
    if "$ref" in schema:
        return components[schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _kind(schema: Schema) -> str:
    kind = schema.get("type", "string")
    return str(next((one for one in kind if one != "null"), "string") if isinstance(kind, list) else kind)


def _fits(value: Any, schema: Schema) -> bool:
    """Whether a value by name suits this schema too: names are shared, shapes needn't be."""
    if value is None or ("enum" in schema and value not in schema["enum"]):
        return False
    match _kind(schema):
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "number":
            whole = isinstance(value, int) or _kind(schema) == "number"
            return (
                whole
                and not isinstance(value, str | bool)
                and schema.get("minimum", value) <= value <= schema.get("maximum", value)
            )
        case "string":
            return isinstance(value, str) and len(value) <= schema.get("maxLength", len(value))
        case _:
            return False
