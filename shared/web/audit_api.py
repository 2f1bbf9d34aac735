"""`GET audit?patient_id=`: the privacy officer's view of who read or wrote a patient's chart."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields

from shared.store import audit
from shared.web import context
from shared.web.fields import Answer, Instant
from shared.web.paging import Asked, answer_page


class AuditQuery(Asked):
    patient_id = fields.UUID(required=True)


class AuditEntry(Answer):
    at = Instant()
    actor = fields.String()
    role = fields.String()
    access = fields.String(metadata={"enum": ["read", "write"]})
    action = fields.String()
    patient_id = fields.UUID()
    record_id = fields.String(allow_none=True)
    site_id = fields.String(allow_none=True)
    correlation_id = fields.String()


class AuditPage(Answer):
    items = fields.List(fields.Nested(AuditEntry))
    next = fields.String(allow_none=True)


def blueprint() -> Blueprint:
    """A fresh blueprint for one app: four apps of one process can't share one."""
    made = Blueprint("audit", __name__, description="Who read or wrote what, when, from which site.")

    @made.route("/audit", methods=["GET"])
    @made.arguments(AuditQuery, location="query")
    @made.response(200, AuditPage)
    def list_entries(query: dict[str, Any]) -> dict[str, Any]:
        """A patient's audit entries at the caller's sites, newest first."""
        session, sites = context.uow().session, context.requested_sites()
        page = answer_page(
            query,
            lambda before, limit: audit.entries_of(
                session, query["patient_id"], sites=sites, before=before, limit=limit
            ),
            position=lambda entry: entry["audit_id"],
        )
        context.audit_read("audit-read", patient_id=query["patient_id"], record_id="audit", site_id=None)
        return page

    return made
