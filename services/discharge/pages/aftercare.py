"""The aftercare sheet: what a patient takes home on paper, in plain words, with no name from here."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from services.discharge.deps import Deps
from services.discharge.pages.board_rows import PRODUCT_WORDS
from services.discharge.use_cases.read_restriction import read_restriction
from shared.web import context
from shared.web.pages.page import page

blueprint = Blueprint("aftercare", __name__, template_folder="templates")


@blueprint.get("/recoveries/<uuid:session_id>/aftercare")
def show(session_id: UUID) -> Response:
    deps = context.deps(Deps)
    row, explained = read_restriction(context.uow(), session_id, book=deps.book, now=context.now())
    context.audit_read("aftercare-read", patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    return page(
        "discharge/aftercare.html",
        row=row,
        standing=explained.restriction,
        where=ZoneInfo(explained.time_zone),
        rules=deps.book.driving(row.site_id),
        product=PRODUCT_WORDS[row.product],
        of_site=deps.sites[row.site_id],
    )
