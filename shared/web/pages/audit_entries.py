"""Who read or wrote a patient's chart in this service, in words: one list a service, for the privacy officer's page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, request

from shared.kernel.errors import NotFound
from shared.kernel.people import Role
from shared.store import audit
from shared.web import context
from shared.web.deps import ServiceDeps
from shared.web.pages.page import ROLE_WORDS
from shared.web.pages.section import section, unknown

_A_PAGE = 50
_NOTHING = "Nothing of this patient stands here for your sites. The number may be mistyped."


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as people read it."""

    at: datetime
    who: str
    role: str
    what: str
    wrote: bool
    site: str


def blueprint() -> Blueprint:
    """A fresh blueprint for one app: four apps of one process can't share one."""
    made = Blueprint("audit_entries", __name__)

    @made.get("/audit-entries")
    def show() -> Response:
        """A patient's entries at the reader's sites, newest first; looking at them is itself an entry."""
        patient_id = _patient_id()
        title = context.deps(ServiceDeps).service.capitalize()
        session, before = context.uow().session, _before()
        try:
            found = audit.entries_of(session, patient_id, sites=context.actor().sites, before=before, limit=_A_PAGE + 1)
        except NotFound:
            return unknown(_NOTHING, title=title, patient_id=patient_id)
        context.audit_read("audit-read", patient_id=patient_id, record_id="audit", site_id=None)
        shown = found[:_A_PAGE]
        return section(
            "audit_entries.html",
            title=title,
            patient_id=patient_id,
            lines=[_line(entry) for entry in shown],
            earlier=shown[-1]["audit_id"] if len(found) > _A_PAGE else None,
            later=before is not None,
        )

    return made


def action_words(action: str) -> str:
    """ "Observation recorded" for "observation-recorded"."""
    words = action.replace("-", " ")
    return words[:1].upper() + words[1:]


def _line(entry: dict[str, object]) -> Line:
    roles = [Role(role) for role in str(entry["role"]).split(",") if role]
    sites, site_id = context.deps(ServiceDeps).sites, entry["site_id"]
    at = entry["at"]
    assert isinstance(at, datetime)
    return Line(
        at=at,
        who=str(entry["actor"]),
        role=", ".join(ROLE_WORDS.get(role, role.value.capitalize()) for role in roles),
        what=action_words(str(entry["action"])),
        wrote=entry["access"] is audit.Access.WRITE,
        site="" if site_id is None else sites[str(site_id)].name if str(site_id) in sites else str(site_id),
    )


def _patient_id() -> UUID:
    try:
        return UUID(request.args.get("patient_id", ""))
    except ValueError:
        raise NotFound("There is no such patient for you.") from None


def _before() -> int | None:
    asked = request.args.get("before", "")
    # beyond what a store counts to, every entry is earlier
    return min(int(asked), 2**31 - 1) if asked.isascii() and asked.isdigit() and len(asked) < 20 else None
