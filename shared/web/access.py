"""Who may call what: one table, role × route × site, for all four services.

A route without a row is refused, and fails the test that walks every route. Site and patient are checked per record
by each service's queries (`Actor.may_see`); `binding` says which of the two a route relies on, for the walk test.
Source: the design's API page, "Who may call what".
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.people import Role

_DESK = frozenset({Role.FRONT_DESK, Role.NURSE})
_NURSE = frozenset({Role.NURSE})
_DOCTORS = frozenset({Role.PRESCRIBER, Role.MEDICAL_DIRECTOR})
_THERAPIST = frozenset({Role.THERAPIST})
_OPERATIONS = frozenset({Role.OPERATIONS})
_PORTAL = frozenset({Role.PORTAL})
_PRIVACY = frozenset({Role.PRIVACY_OFFICER})
_STAFF = frozenset(Role) - _PORTAL - {Role.SERVICE}


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


def _site(roles: frozenset[Role]) -> Access:
    return Access(roles, Binding.SITE)


def _record(roles: frozenset[Role]) -> Access:
    return Access(roles, Binding.RECORD)


def _page(roles: frozenset[Role] | None, binding: Binding = Binding.RECORD) -> Access:
    return Access(roles, binding, Medium.HTML)


_IN_EVERY_SERVICE = {
    "GET /livez": _ANYBODY,
    "GET /readyz": _ANYBODY,
    "GET /metrics": _ANYBODY,
    "GET /{service}/v1/openapi.json": _ANYBODY,
    "GET /{service}/v1/docs": _ANYBODY,
    "GET /{service}/v1/docs/assets/{name}": _ANYBODY,
    "GET /{service}/v1/audit": _record(_PRIVACY),
}

_INTAKE = {
    "GET /": _ANYBODY,
    "GET /demo/clock": _ANYBODY,
    "POST /demo/clock": _ANYBODY,
    "GET /intake/v1/keys": _ANYBODY,
    "GET /intake/v1/sites": Access(_STAFF, Binding.NONE),
    "POST /intake/v1/patients": _site(_DESK),
    "GET /intake/v1/patients": _site(_DESK | _DOCTORS),
    "GET /intake/v1/patients/{patient_id}": _record(_DESK | _DOCTORS),
    "GET /intake/v1/labels": _record(_DESK | _DOCTORS | _THERAPIST),
    "POST /intake/v1/courses": _site(_DESK),
    "GET /intake/v1/courses/{course_id}": _record(_DESK | _DOCTORS),
    "PUT /intake/v1/courses/{course_id}/planning": _record(_DESK),
    "POST /intake/v1/sessions": _site(_DESK),
    "GET /intake/v1/sessions/{session_id}": _record(_DESK | _DOCTORS),
    "PUT /intake/v1/sessions/{session_id}/transport": _record(_DESK),
    "POST /intake/v1/sessions/{session_id}/check-in": _record(_DESK),
    "POST /intake/v1/sessions/{session_id}/cancel": _record(_DESK),
    "POST /intake/v1/sessions/{session_id}/no-show": _record(_DESK),
    "POST /intake/v1/sessions/{session_id}/start": _record(_NURSE),
    "POST /intake/v1/sessions/{session_id}/complete": _record(_NURSE),
    "POST /intake/v1/sessions/{session_id}/corrections": _record(_NURSE),
    "GET /intake/v1/boards/today": _site(_DESK | _DOCTORS | _OPERATIONS),
    "GET /intake/v1/boosters": _site(_DESK | _DOCTORS | _OPERATIONS),
    "GET /intake/v1/boosters/{booster_id}/calls": _record(_DESK | _DOCTORS),
    "POST /intake/v1/boosters/{booster_id}/outcomes": _record(_DESK | _DOCTORS),
    "POST /intake/v1/boosters/{booster_id}/undo": _record(_DESK | _DOCTORS),
    "POST /intake/v1/boosters/{booster_id}/snooze": _record(_DESK | _DOCTORS),
    "POST /intake/v1/boosters/{booster_id}/bring-back": _record(_DESK | _DOCTORS),
    # whose a task is depends on its kind: the use case looks
    "GET /intake/v1/booster-tasks": _site(_NURSE | _DOCTORS),
    "POST /intake/v1/booster-tasks/{task_id}/answers": _record(_NURSE | _DOCTORS),
}

_RECOVERY = "/discharge/v1/recoveries/{session_id}"
_DISCHARGE = {
    "GET /discharge/v1/recoveries": _site(_NURSE | _DOCTORS | _OPERATIONS),
    f"GET {_RECOVERY}": _record(_NURSE | _DOCTORS),
    f"GET {_RECOVERY}/observations": _record(_NURSE | _DOCTORS),
    f"POST {_RECOVERY}/observations": _record(_NURSE),
    f"PUT {_RECOVERY}/transport": _record(_NURSE),
    f"PUT {_RECOVERY}/instructions": _record(_NURSE),
    # a concern is lifted only by a prescriber's later word
    f"PUT {_RECOVERY}/suicide-risk-check": _record(_NURSE | _DOCTORS),
    f"POST {_RECOVERY}/acknowledgements": _record(_DOCTORS),
    f"GET {_RECOVERY}/decision": _record(_NURSE | _DOCTORS),
    f"POST {_RECOVERY}/release": _record(_NURSE | _DOCTORS),
    f"POST {_RECOVERY}/left-against-advice": _record(_NURSE | _DOCTORS),
    f"GET {_RECOVERY}/driving-restriction": _record(_NURSE | _DOCTORS | _PORTAL),
    f"POST {_RECOVERY}/sleep-attestations": _record(_NURSE | _PORTAL),
    "GET /discharge/v1/tasks": _site(_NURSE | _DOCTORS),
    "POST /discharge/v1/tasks/{task_id}/done": _record(_NURSE | _DOCTORS),
}

_INTEGRATION = {
    "GET /integration/v1/windows": _site(_NURSE | _THERAPIST | _DOCTORS | _OPERATIONS),
    "GET /integration/v1/windows/{session_id}": _record(_NURSE | _THERAPIST | _DOCTORS | _PORTAL),
    "POST /integration/v1/journals": _record(_PORTAL),
    "GET /integration/v1/journals": _record(_THERAPIST | _DOCTORS | _PORTAL),
    "GET /integration/v1/journals/{journal_id}": _record(_THERAPIST | _DOCTORS | _PORTAL),
    # only the patient: whom they let read it, and what they said, is theirs to change
    "POST /integration/v1/journals/{journal_id}/amendments": _record(_PORTAL),
    "PUT /integration/v1/journals/{journal_id}/sharing": _record(_PORTAL),
    "POST /integration/v1/kap-appointments": _record(_THERAPIST),
    "GET /integration/v1/kap-appointments": _site(_THERAPIST | _DOCTORS),
    "GET /integration/v1/kap-appointments/{appointment_id}": _record(_THERAPIST | _DOCTORS),
    "POST /integration/v1/kap-appointments/{appointment_id}/attendance": _record(_THERAPIST),
    "POST /integration/v1/kap-appointments/{appointment_id}/cancel": _record(_THERAPIST),
    "POST /integration/v1/action-steps": _record(_THERAPIST | _PORTAL),
    "GET /integration/v1/action-steps": _record(_THERAPIST | _DOCTORS | _PORTAL),
    "GET /integration/v1/action-steps/{action_step_id}": _record(_THERAPIST | _DOCTORS | _PORTAL),
    "POST /integration/v1/action-steps/{action_step_id}/outcome": _record(_THERAPIST | _PORTAL),
    "GET /integration/v1/tasks": _site(_DESK | _THERAPIST | _DOCTORS),
    "POST /integration/v1/tasks/{task_id}/done": _record(_DESK | _THERAPIST | _DOCTORS),
}

_MAINTENANCE = {
    "POST /maintenance/v1/assessments": _record(_NURSE | _DOCTORS | _PORTAL),
    "GET /maintenance/v1/assessments": _record(_NURSE | _DOCTORS | _PORTAL),
    "GET /maintenance/v1/plans/{patient_id}": _record(_THERAPIST | _DOCTORS | _PORTAL),
    "POST /maintenance/v1/plans/{patient_id}/overrides": _record(_DOCTORS),
    "POST /maintenance/v1/plans/{patient_id}/overrides/{override_id}/confirmations": _record(_DOCTORS),
    "GET /maintenance/v1/escalations": _site(_DOCTORS),
    "POST /maintenance/v1/escalations/{escalation_id}/acknowledgements": _record(_DOCTORS),
    "POST /maintenance/v1/escalations/{escalation_id}/resolutions": _record(_DOCTORS),
    # a patient's open line to the prescriber: the portal speaks for the patient on both
    "POST /maintenance/v1/lifestyle-check-ins": _record(_PORTAL | _NURSE),
    "GET /maintenance/v1/lifestyle-check-ins": _record(_NURSE | _DOCTORS | _PORTAL),
    "GET /maintenance/v1/threads": _record(_DOCTORS | _PORTAL),
    "POST /maintenance/v1/threads/{thread_id}/messages": _record(_DOCTORS | _PORTAL),
}

# what people open at their browsers, and the plain forms on it
_ANYBODYS_PAGE = _page(None, Binding.NONE)
_PAGES = {
    "GET /{service}/assets/{name}": _ANYBODYS_PAGE,
    "GET /{service}/audit-entries": _page(_PRIVACY, Binding.SITE),
}

_INTAKE_PAGES = {
    "GET /intake/sign-in": _ANYBODYS_PAGE,
    "POST /intake/sign-in": _ANYBODYS_PAGE,
    "POST /intake/sign-out": _page(_STAFF, Binding.NONE),
    "GET /intake/sign-in/renewal": _page(_STAFF, Binding.NONE),
    "POST /intake/sign-in/renewal": _page(_STAFF, Binding.NONE),
    "POST /intake/sign-in/toured": _page(_STAFF, Binding.NONE),
    "POST /intake/sign-in/site": _page(_STAFF, Binding.NONE),
    "POST /intake/demo-clock": _ANYBODYS_PAGE,
    "GET /intake/audit": _page(_PRIVACY, Binding.SITE),
    "POST /intake/audit": _page(_PRIVACY, Binding.SITE),
    # a search names somebody: posted, so that no address, history or log keeps the name
    "GET /intake/patients": _page(_DESK | _DOCTORS, Binding.SITE),
    "POST /intake/patients": _page(_DESK | _DOCTORS, Binding.SITE),
    # a therapist sees whose chart it is, and the parts that other services show them
    "GET /intake/patients/{patient_id}": _page(_DESK | _DOCTORS | _THERAPIST),
    "GET /intake/today": _page(_DESK | _DOCTORS | _OPERATIONS, Binding.SITE),
    "GET /intake/today/live": _page(_DESK | _DOCTORS | _OPERATIONS, Binding.SITE),
    "POST /intake/today/{session_id}/check-in": _page(_DESK),
    "POST /intake/today/{session_id}/transport": _page(_DESK),
    "POST /intake/today/{session_id}/cancel": _page(_DESK),
    "POST /intake/today/{session_id}/no-show": _page(_DESK),
    "POST /intake/today/{session_id}/undo": _page(_DESK),
    "POST /intake/today/{session_id}/start": _page(_NURSE),
    "POST /intake/today/{session_id}/complete": _page(_NURSE),
    "POST /intake/today/{session_id}/corrections": _page(_NURSE),
    "GET /intake/boosters": _page(_DESK | _DOCTORS | _OPERATIONS, Binding.SITE),
    "GET /intake/boosters/live": _page(_DESK | _DOCTORS | _OPERATIONS, Binding.SITE),
    "POST /intake/boosters/{booster_id}/calling": _page(_DESK | _DOCTORS),
    "POST /intake/boosters/{booster_id}/outcomes": _page(_DESK | _DOCTORS),
    "POST /intake/boosters/{booster_id}/undo": _page(_DESK | _DOCTORS),
    "POST /intake/boosters/{booster_id}/snooze": _page(_DESK | _DOCTORS),
    "POST /intake/boosters/{booster_id}/bring-back": _page(_DESK | _DOCTORS),
    "POST /intake/boosters/tasks/{task_id}/answers": _page(_NURSE | _DOCTORS),
    "GET /intake/booking": _page(_DESK, Binding.SITE),
    "POST /intake/booking/find": _page(_DESK, Binding.SITE),
    "POST /intake/booking/patients": _page(_DESK, Binding.SITE),
    "GET /intake/booking/patients/{patient_id}": _page(_DESK),
    "POST /intake/booking/patients/{patient_id}/courses": _page(_DESK),
    "POST /intake/booking/courses/{course_id}/sessions": _page(_DESK),
}

_RECOVERY_PAGE = "/discharge/recoveries/{session_id}"
_DISCHARGE_PAGES = {
    "GET /discharge/recovery": _page(_NURSE | _DOCTORS | _OPERATIONS, Binding.SITE),
    "GET /discharge/recovery/live": _page(_NURSE | _DOCTORS | _OPERATIONS, Binding.SITE),
    f"GET {_RECOVERY_PAGE}/beside": _page(_NURSE | _DOCTORS),
    f"GET {_RECOVERY_PAGE}/criteria": _page(_NURSE | _DOCTORS),
    f"POST {_RECOVERY_PAGE}/observations": _page(_NURSE),
    f"POST {_RECOVERY_PAGE}/transport": _page(_NURSE),
    f"POST {_RECOVERY_PAGE}/escort-here": _page(_NURSE),
    f"POST {_RECOVERY_PAGE}/instructions": _page(_NURSE),
    f"POST {_RECOVERY_PAGE}/suicide-risk-check": _page(_NURSE | _DOCTORS),
    f"POST {_RECOVERY_PAGE}/acknowledgements": _page(_DOCTORS),
    f"POST {_RECOVERY_PAGE}/release": _page(_NURSE | _DOCTORS),
    f"POST {_RECOVERY_PAGE}/left-against-advice": _page(_NURSE | _DOCTORS),
    f"GET {_RECOVERY_PAGE}/aftercare": _page(_NURSE | _DOCTORS),
    f"POST {_RECOVERY_PAGE}/sleep-word": _page(_NURSE),
    # the desk sees when somebody leaves and with whom, never why they stay
    "GET /discharge/leaving": _page(_DESK | _DOCTORS, Binding.SITE),
    "GET /discharge/leaving/live": _page(_DESK | _DOCTORS, Binding.SITE),
    "POST /discharge/leaving/{session_id}/here": _page(_DESK),
    "GET /discharge/tasks": _page(_NURSE | _DOCTORS, Binding.SITE),
    "GET /discharge/tasks/live": _page(_NURSE | _DOCTORS, Binding.SITE),
    "POST /discharge/tasks/{task_id}/done": _page(_NURSE | _DOCTORS),
    "POST /discharge/tasks/{task_id}/open-again": _page(_NURSE | _DOCTORS),
    "GET /discharge/patients/{patient_id}/restriction": _page(_NURSE | _DOCTORS),
    "GET /discharge/patients/{patient_id}/timeline": _page(_NURSE | _DOCTORS),
}

_INTEGRATION_PAGES: dict[str, Access] = {
    "GET /integration/patients/{patient_id}/window": _page(_NURSE | _THERAPIST | _DOCTORS),
    "GET /integration/patients/{patient_id}/timeline": _page(_NURSE | _THERAPIST | _DOCTORS),
    "GET /integration/windows": _page(_NURSE | _THERAPIST | _DOCTORS | _OPERATIONS, Binding.SITE),
    "GET /integration/windows/live": _page(_NURSE | _THERAPIST | _DOCTORS | _OPERATIONS, Binding.SITE),
    "POST /integration/windows/tasks/{task_id}/done": _page(_NURSE | _THERAPIST | _DOCTORS),
    # that somebody wants to talk or has no time yet is the desk's to settle; a window's contents are not
    "GET /integration/tasks": _page(_DESK | _THERAPIST | _DOCTORS, Binding.SITE),
    "GET /integration/tasks/live": _page(_DESK | _THERAPIST | _DOCTORS, Binding.SITE),
    "POST /integration/tasks/{task_id}/done": _page(_DESK | _THERAPIST | _DOCTORS),
    "POST /integration/tasks/{task_id}/open-again": _page(_DESK | _THERAPIST | _DOCTORS),
    "POST /integration/windows/{session_id}/appointments": _page(_THERAPIST),
    "POST /integration/windows/appointments/{appointment_id}/attendance": _page(_THERAPIST),
    "POST /integration/windows/appointments/{appointment_id}/cancel": _page(_THERAPIST),
    "POST /integration/windows/{session_id}/steps": _page(_THERAPIST),
    "POST /integration/windows/steps/{action_step_id}/outcome": _page(_THERAPIST),
}

_MAINTENANCE_PAGES: dict[str, Access] = {
    "GET /maintenance/patients/{patient_id}/plan": _page(_THERAPIST | _DOCTORS),
    "POST /maintenance/patients/{patient_id}/overrides": _page(_DOCTORS),
    "POST /maintenance/patients/{patient_id}/overrides/{override_id}/confirmations": _page(_DOCTORS),
    "GET /maintenance/patients/{patient_id}/trend": _page(_NURSE | _DOCTORS),
    "POST /maintenance/patients/{patient_id}/assessments": _page(_NURSE | _DOCTORS),
    "GET /maintenance/patients/{patient_id}/messages": _page(_NURSE | _DOCTORS),
    "POST /maintenance/patients/{patient_id}/messages": _page(_DOCTORS),
    "GET /maintenance/patients/{patient_id}/timeline": _page(_NURSE | _THERAPIST | _DOCTORS),
    "GET /maintenance/escalations": _page(_DOCTORS, Binding.SITE),
    "GET /maintenance/escalations/live": _page(_DOCTORS, Binding.SITE),
    "POST /maintenance/escalations/{escalation_id}/acknowledgements": _page(_DOCTORS),
    "POST /maintenance/escalations/{escalation_id}/resolutions": _page(_DOCTORS),
}

_BY_SERVICE = {
    "intake": _INTAKE,
    "discharge": _DISCHARGE,
    "integration": _INTEGRATION,
    "maintenance": _MAINTENANCE,
}


_PAGES_BY_SERVICE = {
    "intake": _INTAKE_PAGES,
    "discharge": _DISCHARGE_PAGES,
    "integration": _INTEGRATION_PAGES,
    "maintenance": _MAINTENANCE_PAGES,
}


def access_table(service: str) -> dict[str, Access]:
    """Every route of `service`'s API ("GET /intake/v1/sites") and who may call it."""
    return _of(service, _IN_EVERY_SERVICE) | _BY_SERVICE.get(service, {})


def page_table(service: str) -> dict[str, Access]:
    """Every page and form of `service` ("GET /intake/today"), and who may open or send it."""
    return _of(service, _PAGES) | _PAGES_BY_SERVICE.get(service, {})


def _of(service: str, rows: dict[str, Access]) -> dict[str, Access]:
    return {route.replace("{service}", service): access for route, access in rows.items()}
