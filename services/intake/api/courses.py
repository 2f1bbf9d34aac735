"""`courses`: what is given, and how often."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.intake.api.answers import CourseView
from services.intake.api.schemas import CourseOpening, CoursePlanning
from services.intake.deps import Deps
from services.intake.domain.sessions import SessionKind
from services.intake.store import courses
from services.intake.store.tables import CourseRow
from services.intake.use_cases import reach
from services.intake.use_cases.open_course import OpenCourse, open_course
from services.intake.use_cases.plan_course import PlanCourse, plan_course
from shared.web import context
from shared.web.versions import created, require_match, versioned

blueprint = Blueprint("courses", __name__, description="Courses of sessions.")


@blueprint.route("/courses", methods=["POST"])
@blueprint.arguments(CourseOpening)
@blueprint.response(201, CourseView)
def open_(body: dict[str, Any]) -> Any:
    """Open a course of planned sessions."""
    deps = context.deps(Deps)
    row = open_course(context.uow(), OpenCourse(**body), sites=deps.sites, rules=deps.rules, now=context.now())
    return created(course_view(row, {}), row.version)


@blueprint.route("/courses/<uuid:course_id>", methods=["GET"])
@blueprint.response(200, CourseView)
def read(course_id: UUID) -> Any:
    """A course, with how many sessions stand."""
    row = reach.course(context.uow(), course_id)
    context.audit_read("course-read", patient_id=row.patient_id, record_id=course_id, site_id=row.site_id)
    return versioned(_counted(row), row.version)


@blueprint.route("/courses/<uuid:course_id>/planning", methods=["PUT"])
@blueprint.arguments(CoursePlanning)
@blueprint.response(200, CourseView)
def plan(body: dict[str, Any], course_id: UUID) -> Any:
    """Replace the planning; maintenance learns of it through the last session."""
    deps = context.deps(Deps)
    row = reach.course_to_change(context.uow(), course_id)
    require_match(row.version)
    plan_course(context.uow(), row, PlanCourse(**body), sites=deps.sites, rules=deps.rules, now=context.now())
    return versioned(_counted(row), row.version)


def course_view(row: CourseRow, counts: dict[tuple[UUID, SessionKind], int]) -> dict[str, Any]:
    return {
        "course_id": row.course_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "indication": row.indication,
        "product": row.product.value,
        "planned_sessions": row.planned_sessions,
        "completed_sessions": counts.get((row.course_id, SessionKind.INDUCTION), 0),
        "completed_boosters": counts.get((row.course_id, SessionKind.BOOSTER), 0),
        "closed_reason": row.closed_reason,
        "opened_at": row.opened_at,
        "version": row.version,
    }


def _counted(row: CourseRow) -> dict[str, Any]:
    return course_view(row, courses.completed_counts(context.uow().session, [row.course_id]))
