"""A patient's next booster: when and why, what a prescriber set instead, and the forms to set it."""

from uuid import UUID

from flask import Blueprint, Response

from services.maintenance.api.schemas import NoBody, OverrideBody
from services.maintenance.deps import Deps
from services.maintenance.pages.plan_view import plan_card
from services.maintenance.store import escalations
from services.maintenance.use_cases.confirm_override import confirm_override
from services.maintenance.use_cases.order_override import OrderOverride, order_override
from services.maintenance.use_cases.read_plan import read_plan
from services.maintenance.use_cases.visible import plan_for, visible_plan
from shared.web import context
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.page import zone
from shared.web.pages.section import section, unknown

blueprint = Blueprint("plan_page", __name__, template_folder="templates")

TITLE = "Next booster"
NOT_YET = "Maintenance hasn’t heard of this patient yet. The plan appears with the first completed session or PHQ-9."


@blueprint.get("/patients/<uuid:patient_id>/plan")
def show(patient_id: UUID) -> Response:
    return _section(patient_id, Typed())


@blueprint.post("/patients/<uuid:patient_id>/overrides")
def override(patient_id: UUID) -> Response:
    """Set an interval in place of the ladder's; below 28 days it waits for a second prescriber."""

    def act() -> str:
        deps, now = context.deps(Deps), context.now()
        plan_for(context.uow(), patient_id)
        body = parsed(OverrideBody, zone=zone(), now=now)
        order = OrderOverride(patient_id=patient_id, **body)
        order_override(context.uow(), order, rules=deps.rules, sites=deps.sites, sealer=deps.sealer, now=now)
        return _path(patient_id)

    return attempt(act, again=lambda typed: _section(patient_id, typed))


@blueprint.post("/patients/<uuid:patient_id>/overrides/<uuid:override_id>/confirmations")
def confirm(patient_id: UUID, override_id: UUID) -> Response:
    def act() -> str:
        deps, now = context.deps(Deps), context.now()
        parsed(NoBody, zone=zone(), now=now)
        confirm_override(context.uow(), patient_id, override_id, rules=deps.rules, sites=deps.sites, now=now)
        return _path(patient_id)

    return attempt(act, again=lambda typed: _section(patient_id, typed))


def _path(patient_id: UUID) -> str:
    return f"/maintenance/patients/{patient_id}/plan"


def _section(patient_id: UUID, typed: Typed) -> Response:
    deps, now = context.deps(Deps), context.now()
    plan = visible_plan(context.uow(), patient_id)
    if plan is None:
        return unknown(NOT_YET, title=TITLE, patient_id=patient_id)
    picture = read_plan(context.uow(), plan, rules=deps.rules, sites=deps.sites, now=now)
    context.audit_read("plan-read", patient_id=patient_id, record_id=patient_id, site_id=plan.site_id)
    site = deps.sites.get(plan.site_id)
    today = site.local_day(now) if site else now.astimezone(zone()).date()
    return section(
        "maintenance/plan.html",
        title=TITLE,
        patient_id=patient_id,
        card=plan_card(picture, deps.rules, sealer=deps.sealer, reader=context.actor().subject, today=today),
        open_now=escalations.unresolved_count(context.uow().session, patient_id),
        typed=typed,
        rules=deps.rules,
    )
