"""Who may call what: one table, role × route × site, for all four services' APIs; page_access.py has the pages'.

A route without a row is refused, and fails the test that walks every route. Site and patient are checked per record
by each service's queries (`Actor.may_see`); `binding` says which of the two a route relies on, for the walk test.
Source: the design's API page, "Who may call what".
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.people import Role

DESK = frozenset({Role.FRONT_DESK, Role.NURSE})
NURSE = frozenset({Role.NURSE})
DOCTORS = frozenset({Role.PRESCRIBER, Role.MEDICAL_DIRECTOR})
THERAPIST = frozenset({Role.THERAPIST})
OPERATIONS = frozenset({Role.OPERATIONS})
PORTAL = frozenset({Role.PORTAL})
PRIVACY = frozenset({Role.PRIVACY_OFFICER})
STAFF = frozenset(Role) - PORTAL - {Role.SERVICE}


class Binding(StrEnum):
    """What makes a record foreign on a route."""

    NONE = "none"
    SITE = "site"
    RECORD = "record"


class Medium(StrEnum):
    """What a route speaks: JSON to programs, or HTML and plain forms to people at their browsers."""

    JSON = "json"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Access:
    """`roles` None: anybody, without a token."""

    roles: frozenset[Role] | None
    binding: Binding = Binding.RECORD
    medium: Medium = Medium.JSON


_ANYBODY = Access(None, Binding.NONE)
_ON_THE_BUS = Access(OPERATIONS, Binding.NONE)


def _site(roles: frozenset[Role]) -> Access:
    return Access(roles, Binding.SITE)


def _record(roles: frozenset[Role]) -> Access:
    return Access(roles, Binding.RECORD)


_IN_EVERY_SERVICE = {
    "GET /livez": _ANYBODY,
    "GET /readyz": _ANYBODY,
    "GET /metrics": _ANYBODY,
    "GET /{service}/v1/openapi.json": _ANYBODY,
    "GET /{service}/v1/docs": _ANYBODY,
    "GET /{service}/v1/docs/assets/{name}": _ANYBODY,
    "GET /{service}/v1/audit": _record(PRIVACY),
    # the bus is the network's: what is held back on it belongs to no one site, and is told in ids alone
    "GET /{service}/v1/standing": _ON_THE_BUS,
    "GET /{service}/v1/events": _ON_THE_BUS,
    "GET /{service}/v1/parked": _ON_THE_BUS,
    "GET /{service}/v1/parked/{parked_id}": _ON_THE_BUS,
    "POST /{service}/v1/parked/{parked_id}/retry": _ON_THE_BUS,
    "POST /{service}/v1/parked/{parked_id}/discard": _ON_THE_BUS,
    "GET /{service}/v1/discarded": _ON_THE_BUS,
    "GET /{service}/v1/quarantine": _ON_THE_BUS,
    "GET /{service}/v1/quarantine/{quarantine_id}": _ON_THE_BUS,
    "GET /{service}/v1/replays": _ON_THE_BUS,
    "POST /{service}/v1/replays": _ON_THE_BUS,
    "GET /{service}/v1/replays/{replay_id}": _ON_THE_BUS,
}

_INTAKE = {
    "GET /": _ANYBODY,
    "GET /demo/clock": _ANYBODY,
    "POST /demo/clock": _ANYBODY,
    "GET /intake/v1/keys": _ANYBODY,
    "GET /intake/v1/sites": Access(STAFF, Binding.NONE),
    "POST /intake/v1/patients": _site(DESK),
    "GET /intake/v1/patients": _site(DESK | DOCTORS),
    "GET /intake/v1/patients/{patient_id}": _record(DESK | DOCTORS),
    "GET /intake/v1/labels": _record(DESK | DOCTORS | THERAPIST),
    # who takes somebody home is the desk's and the nurses' to know, as on a session itself
    "GET /intake/v1/escort-labels": _record(DESK | DOCTORS),
    "POST /intake/v1/courses": _site(DESK),
    "GET /intake/v1/courses/{course_id}": _record(DESK | DOCTORS),
    "PUT /intake/v1/courses/{course_id}/planning": _record(DESK),
    "POST /intake/v1/sessions": _site(DESK),
    "GET /intake/v1/sessions/{session_id}": _record(DESK | DOCTORS),
    "PUT /intake/v1/sessions/{session_id}/transport": _record(DESK),
    "POST /intake/v1/sessions/{session_id}/check-in": _record(DESK),
    "POST /intake/v1/sessions/{session_id}/cancel": _record(DESK),
    "POST /intake/v1/sessions/{session_id}/no-show": _record(DESK),
    "POST /intake/v1/sessions/{session_id}/start": _record(NURSE),
    "POST /intake/v1/sessions/{session_id}/complete": _record(NURSE),
    "POST /intake/v1/sessions/{session_id}/corrections": _record(NURSE),
    "GET /intake/v1/boards/today": _site(DESK | DOCTORS | OPERATIONS),
    "GET /intake/v1/boosters": _site(DESK | DOCTORS | OPERATIONS),
    "GET /intake/v1/boosters/{booster_id}/calls": _record(DESK | DOCTORS),
    "POST /intake/v1/boosters/{booster_id}/outcomes": _record(DESK | DOCTORS),
    "POST /intake/v1/boosters/{booster_id}/undo": _record(DESK | DOCTORS),
    "POST /intake/v1/boosters/{booster_id}/snooze": _record(DESK | DOCTORS),
    "POST /intake/v1/boosters/{booster_id}/bring-back": _record(DESK | DOCTORS),
    # whose a task is depends on its kind: the use case looks
    "GET /intake/v1/booster-tasks": _site(NURSE | DOCTORS),
    "POST /intake/v1/booster-tasks/{task_id}/answers": _record(NURSE | DOCTORS),
}

_RECOVERY = "/discharge/v1/recoveries/{session_id}"
_DISCHARGE = {
    "GET /discharge/v1/recoveries": _site(NURSE | DOCTORS | OPERATIONS),
    f"GET {_RECOVERY}": _record(NURSE | DOCTORS),
    f"GET {_RECOVERY}/observations": _record(NURSE | DOCTORS),
    f"POST {_RECOVERY}/observations": _record(NURSE),
    f"PUT {_RECOVERY}/transport": _record(NURSE),
    f"PUT {_RECOVERY}/instructions": _record(NURSE),
    # a concern is lifted only by a prescriber's later word
    f"PUT {_RECOVERY}/suicide-risk-check": _record(NURSE | DOCTORS),
    f"POST {_RECOVERY}/acknowledgements": _record(DOCTORS),
    f"GET {_RECOVERY}/decision": _record(NURSE | DOCTORS),
    f"POST {_RECOVERY}/release": _record(NURSE | DOCTORS),
    f"POST {_RECOVERY}/left-against-advice": _record(NURSE | DOCTORS),
    f"GET {_RECOVERY}/driving-restriction": _record(NURSE | DOCTORS | PORTAL),
    f"POST {_RECOVERY}/sleep-attestations": _record(NURSE | PORTAL),
    "GET /discharge/v1/tasks": _site(NURSE | DOCTORS),
    "POST /discharge/v1/tasks/{task_id}/done": _record(NURSE | DOCTORS),
}

_INTEGRATION = {
    "GET /integration/v1/windows": _site(NURSE | THERAPIST | DOCTORS | OPERATIONS),
    "GET /integration/v1/windows/{session_id}": _record(NURSE | THERAPIST | DOCTORS | PORTAL),
    "POST /integration/v1/journals": _record(PORTAL),
    "GET /integration/v1/journals": _record(THERAPIST | DOCTORS | PORTAL),
    "GET /integration/v1/journals/{journal_id}": _record(THERAPIST | DOCTORS | PORTAL),
    # only the patient: whom they let read it, and what they said, is theirs to change
    "POST /integration/v1/journals/{journal_id}/amendments": _record(PORTAL),
    "PUT /integration/v1/journals/{journal_id}/sharing": _record(PORTAL),
    "POST /integration/v1/kap-appointments": _record(THERAPIST),
    "GET /integration/v1/kap-appointments": _site(THERAPIST | DOCTORS),
    "GET /integration/v1/kap-appointments/{appointment_id}": _record(THERAPIST | DOCTORS),
    "POST /integration/v1/kap-appointments/{appointment_id}/attendance": _record(THERAPIST),
    "POST /integration/v1/kap-appointments/{appointment_id}/cancel": _record(THERAPIST),
    # what was said there is its therapist's own: no other reader, whatever their role
    "GET /integration/v1/kap-appointments/{appointment_id}/note": _record(THERAPIST),
    "POST /integration/v1/kap-appointments/{appointment_id}/note": _record(THERAPIST),
    "POST /integration/v1/action-steps": _record(THERAPIST | PORTAL),
    "GET /integration/v1/action-steps": _record(THERAPIST | DOCTORS | PORTAL),
    "GET /integration/v1/action-steps/{action_step_id}": _record(THERAPIST | DOCTORS | PORTAL),
    "POST /integration/v1/action-steps/{action_step_id}/outcome": _record(THERAPIST | PORTAL),
    "GET /integration/v1/tasks": _site(DESK | THERAPIST | DOCTORS),
    "POST /integration/v1/tasks/{task_id}/done": _record(DESK | THERAPIST | DOCTORS),
}

_MAINTENANCE = {
    "POST /maintenance/v1/assessments": _record(NURSE | DOCTORS | PORTAL),
    "GET /maintenance/v1/assessments": _record(NURSE | DOCTORS | PORTAL),
    "GET /maintenance/v1/plans/{patient_id}": _record(THERAPIST | DOCTORS | PORTAL),
    "POST /maintenance/v1/plans/{patient_id}/overrides": _record(DOCTORS),
    "POST /maintenance/v1/plans/{patient_id}/overrides/{override_id}/confirmations": _record(DOCTORS),
    "GET /maintenance/v1/escalations": _site(DOCTORS),
    "POST /maintenance/v1/escalations/{escalation_id}/acknowledgements": _record(DOCTORS),
    "POST /maintenance/v1/escalations/{escalation_id}/resolutions": _record(DOCTORS),
    # a patient's open line to the prescriber: the portal speaks for the patient on both
    "POST /maintenance/v1/lifestyle-check-ins": _record(PORTAL | NURSE),
    "GET /maintenance/v1/lifestyle-check-ins": _record(NURSE | DOCTORS | PORTAL),
    "GET /maintenance/v1/threads": _record(DOCTORS | PORTAL),
    "POST /maintenance/v1/threads/{thread_id}/messages": _record(DOCTORS | PORTAL),
}

_BY_SERVICE = {
    "intake": _INTAKE,
    "discharge": _DISCHARGE,
    "integration": _INTEGRATION,
    "maintenance": _MAINTENANCE,
}


def access_table(service: str) -> dict[str, Access]:
    """Every route of `service`'s API ("GET /intake/v1/sites") and who may call it."""
    return of_service(service, _IN_EVERY_SERVICE) | _BY_SERVICE.get(service, {})


def of_service(service: str, rows: dict[str, Access]) -> dict[str, Access]:
    return {route.replace("{service}", service): access for route, access in rows.items()}
