"""Who may open which page and send which form on it: the same table as access.py's, for people at their browsers.

`may`-questions of templates and the walk test read it. Source: the design's pages and API, "Who may call what".
"""

from shared.kernel.people import Role
from shared.web.access import (
    DESK,
    DOCTORS,
    NURSE,
    OPERATIONS,
    PRIVACY,
    STAFF,
    THERAPIST,
    Access,
    Binding,
    Medium,
    of_service,
)


def _page(roles: frozenset[Role] | None, binding: Binding = Binding.RECORD) -> Access:
    return Access(roles, binding, Medium.HTML)


_ANYBODYS_PAGE = _page(None, Binding.NONE)
_PAGES = {
    "GET /{service}/assets/{name}": _ANYBODYS_PAGE,
    "GET /{service}/audit-entries": _page(PRIVACY, Binding.SITE),
    "GET /{service}/bus": _page(OPERATIONS, Binding.NONE),
    "POST /{service}/bus/parked/{parked_id}/retry": _page(OPERATIONS, Binding.NONE),
    "POST /{service}/bus/parked/{parked_id}/discard": _page(OPERATIONS, Binding.NONE),
    "GET /{service}/written": _page(DESK | DOCTORS | THERAPIST, Binding.SITE),
}

_INTAKE_PAGES = {
    "GET /intake/sign-in": _ANYBODYS_PAGE,
    "POST /intake/sign-in": _ANYBODYS_PAGE,
    "POST /intake/sign-out": _page(STAFF, Binding.NONE),
    "GET /intake/sign-in/renewal": _page(STAFF, Binding.NONE),
    "POST /intake/sign-in/renewal": _page(STAFF, Binding.NONE),
    "POST /intake/sign-in/toured": _page(STAFF, Binding.NONE),
    "POST /intake/sign-in/site": _page(STAFF, Binding.NONE),
    "POST /intake/demo-clock": _ANYBODYS_PAGE,
    "GET /intake/operations": _page(OPERATIONS, Binding.NONE),
    "GET /intake/operations/runbooks/{name}": _page(OPERATIONS, Binding.NONE),
    "GET /intake/audit": _page(PRIVACY, Binding.SITE),
    "POST /intake/audit": _page(PRIVACY, Binding.SITE),
    # a search names somebody: posted, so that no address, history or log keeps the name
    "GET /intake/patients": _page(DESK | DOCTORS, Binding.SITE),
    "POST /intake/patients": _page(DESK | DOCTORS, Binding.SITE),
    # a therapist sees whose chart it is, and the parts that other services show them
    "GET /intake/patients/{patient_id}": _page(DESK | DOCTORS | THERAPIST),
    "GET /intake/today": _page(DESK | DOCTORS | OPERATIONS, Binding.SITE),
    "GET /intake/today/live": _page(DESK | DOCTORS | OPERATIONS, Binding.SITE),
    "POST /intake/today/{session_id}/check-in": _page(DESK),
    "POST /intake/today/{session_id}/transport": _page(DESK),
    "POST /intake/today/{session_id}/cancel": _page(DESK),
    "POST /intake/today/{session_id}/no-show": _page(DESK),
    "POST /intake/today/{session_id}/undo": _page(DESK),
    "POST /intake/today/{session_id}/start": _page(NURSE),
    "POST /intake/today/{session_id}/complete": _page(NURSE),
    "POST /intake/today/{session_id}/corrections": _page(NURSE),
    "GET /intake/boosters": _page(DESK | DOCTORS | OPERATIONS, Binding.SITE),
    "GET /intake/boosters/live": _page(DESK | DOCTORS | OPERATIONS, Binding.SITE),
    "POST /intake/boosters/{booster_id}/calling": _page(DESK | DOCTORS),
    "POST /intake/boosters/{booster_id}/outcomes": _page(DESK | DOCTORS),
    "POST /intake/boosters/{booster_id}/undo": _page(DESK | DOCTORS),
    "POST /intake/boosters/{booster_id}/snooze": _page(DESK | DOCTORS),
    "POST /intake/boosters/{booster_id}/bring-back": _page(DESK | DOCTORS),
    "POST /intake/boosters/tasks/{task_id}/answers": _page(NURSE | DOCTORS),
    "GET /intake/booking": _page(DESK, Binding.SITE),
    "POST /intake/booking/find": _page(DESK, Binding.SITE),
    "POST /intake/booking/patients": _page(DESK, Binding.SITE),
    "GET /intake/booking/patients/{patient_id}": _page(DESK),
    "POST /intake/booking/patients/{patient_id}/courses": _page(DESK),
    "POST /intake/booking/courses/{course_id}/sessions": _page(DESK),
}

_RECOVERY_PAGE = "/discharge/recoveries/{session_id}"
_DISCHARGE_PAGES = {
    "GET /discharge/recovery": _page(NURSE | DOCTORS | OPERATIONS, Binding.SITE),
    "GET /discharge/recovery/live": _page(NURSE | DOCTORS | OPERATIONS, Binding.SITE),
    f"GET {_RECOVERY_PAGE}/beside": _page(NURSE | DOCTORS),
    f"GET {_RECOVERY_PAGE}/criteria": _page(NURSE | DOCTORS),
    f"POST {_RECOVERY_PAGE}/observations": _page(NURSE),
    f"POST {_RECOVERY_PAGE}/transport": _page(NURSE),
    f"POST {_RECOVERY_PAGE}/escort-here": _page(NURSE),
    f"POST {_RECOVERY_PAGE}/instructions": _page(NURSE),
    f"POST {_RECOVERY_PAGE}/suicide-risk-check": _page(NURSE | DOCTORS),
    f"POST {_RECOVERY_PAGE}/acknowledgements": _page(DOCTORS),
    f"POST {_RECOVERY_PAGE}/release": _page(NURSE | DOCTORS),
    f"POST {_RECOVERY_PAGE}/left-against-advice": _page(NURSE | DOCTORS),
    f"GET {_RECOVERY_PAGE}/aftercare": _page(NURSE | DOCTORS),
    f"POST {_RECOVERY_PAGE}/sleep-word": _page(NURSE),
    # the desk sees when somebody leaves and with whom, never why they stay
    "GET /discharge/leaving": _page(DESK | DOCTORS, Binding.SITE),
    "GET /discharge/leaving/live": _page(DESK | DOCTORS, Binding.SITE),
    "POST /discharge/leaving/{session_id}/here": _page(DESK),
    "GET /discharge/tasks": _page(NURSE | DOCTORS, Binding.SITE),
    "GET /discharge/tasks/live": _page(NURSE | DOCTORS, Binding.SITE),
    "POST /discharge/tasks/{task_id}/done": _page(NURSE | DOCTORS),
    "POST /discharge/tasks/{task_id}/open-again": _page(NURSE | DOCTORS),
    "GET /discharge/patients/{patient_id}/restriction": _page(NURSE | DOCTORS),
    "GET /discharge/patients/{patient_id}/timeline": _page(NURSE | DOCTORS),
}

_INTEGRATION_PAGES: dict[str, Access] = {
    "GET /integration/patients/{patient_id}/window": _page(NURSE | THERAPIST | DOCTORS),
    "GET /integration/patients/{patient_id}/timeline": _page(NURSE | THERAPIST | DOCTORS),
    # its author's alone: a role only opens the door to one's own
    "GET /integration/notes/{appointment_id}": _page(THERAPIST),
    "POST /integration/notes/{appointment_id}": _page(THERAPIST),
    "GET /integration/windows": _page(NURSE | THERAPIST | DOCTORS | OPERATIONS, Binding.SITE),
    "GET /integration/windows/live": _page(NURSE | THERAPIST | DOCTORS | OPERATIONS, Binding.SITE),
    "POST /integration/windows/tasks/{task_id}/done": _page(NURSE | THERAPIST | DOCTORS),
    # that somebody wants to talk or has no time yet is the desk's to settle; a window's contents are not
    "GET /integration/tasks": _page(DESK | THERAPIST | DOCTORS, Binding.SITE),
    "GET /integration/tasks/live": _page(DESK | THERAPIST | DOCTORS, Binding.SITE),
    "POST /integration/tasks/{task_id}/done": _page(DESK | THERAPIST | DOCTORS),
    "POST /integration/tasks/{task_id}/open-again": _page(DESK | THERAPIST | DOCTORS),
    "POST /integration/windows/{session_id}/appointments": _page(THERAPIST),
    "POST /integration/windows/appointments/{appointment_id}/attendance": _page(THERAPIST),
    "POST /integration/windows/appointments/{appointment_id}/cancel": _page(THERAPIST),
    "POST /integration/windows/{session_id}/steps": _page(THERAPIST),
    "POST /integration/windows/steps/{action_step_id}/outcome": _page(THERAPIST),
}

_MAINTENANCE_PAGES: dict[str, Access] = {
    "GET /maintenance/patients/{patient_id}/plan": _page(THERAPIST | DOCTORS),
    "POST /maintenance/patients/{patient_id}/overrides": _page(DOCTORS),
    "POST /maintenance/patients/{patient_id}/overrides/{override_id}/confirmations": _page(DOCTORS),
    "GET /maintenance/patients/{patient_id}/trend": _page(NURSE | DOCTORS),
    "POST /maintenance/patients/{patient_id}/assessments": _page(NURSE | DOCTORS),
    "GET /maintenance/patients/{patient_id}/messages": _page(NURSE | DOCTORS),
    "POST /maintenance/patients/{patient_id}/check-ins": _page(NURSE),
    "POST /maintenance/patients/{patient_id}/messages": _page(DOCTORS),
    "GET /maintenance/patients/{patient_id}/timeline": _page(NURSE | THERAPIST | DOCTORS),
    "GET /maintenance/escalations": _page(DOCTORS, Binding.SITE),
    "GET /maintenance/escalations/live": _page(DOCTORS, Binding.SITE),
    "POST /maintenance/escalations/{escalation_id}/acknowledgements": _page(DOCTORS),
    "POST /maintenance/escalations/{escalation_id}/resolutions": _page(DOCTORS),
}

_PAGES_BY_SERVICE = {
    "intake": _INTAKE_PAGES,
    "discharge": _DISCHARGE_PAGES,
    "integration": _INTEGRATION_PAGES,
    "maintenance": _MAINTENANCE_PAGES,
}


def page_table(service: str) -> dict[str, Access]:
    """Every page and form of `service` ("GET /intake/today"), and who may open or send it."""
    return of_service(service, _PAGES) | _PAGES_BY_SERVICE.get(service, {})
