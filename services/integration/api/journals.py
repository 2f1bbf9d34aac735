"""`journals`: what patients wrote, for themselves and for those they share it with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.integration.api.asked import sites_of
from services.integration.api.schemas import (
    JournalBody,
    JournalPage,
    JournalView,
    OfPatientQuery,
    SharingBody,
    WordsBody,
)
from services.integration.deps import Deps
from services.integration.domain.journal import Words, WordsFailMe
from services.integration.domain.policies.sharing import reach_of
from services.integration.store import journals
from services.integration.store.tables import JournalRow
from services.integration.use_cases.amend_journal import amend_journal
from services.integration.use_cases.share_journal import share_journal
from services.integration.use_cases.submit_journal import SubmitJournal, submit_journal
from services.integration.use_cases.visible import journal_for
from shared.store.sealing import Sealer
from shared.web import context
from shared.web.paging import in_order, page
from shared.web.versions import created, require_match, versioned

blueprint = Blueprint("journals", __name__, description="Journals and practices, readable by whom the patient chose.")


@blueprint.route("/journals", methods=["POST"])
@blueprint.arguments(JournalBody)
@blueprint.response(201, JournalView)
def submit(body: dict[str, Any]) -> Any:
    """Keep a journal.

    `written_at` is now when left out. Early and late entries are kept and labelled. Without `sharing` it is private.
    """
    deps, words = context.deps(Deps), _words(body)
    entry = SubmitJournal(
        patient_id=body["patient_id"],
        session_id=body["session_id"],
        practice=body["practice"],
        words=words,
        sharing=body["sharing"],
        contact_requested=body["contact_requested"],
        written_at=body["written_at"],
    )
    row = submit_journal(context.uow(), entry, rules=deps.rules.window, sealer=deps.sealer, now=context.now())
    context.uow().session.flush()
    return created(journal_view(row, words, earlier=[]), row.version)


@blueprint.route("/journals", methods=["GET"])
@blueprint.arguments(OfPatientQuery, location="query")
@blueprint.response(200, JournalPage)
def list_journals(query: dict[str, Any]) -> dict[str, Any]:
    """The journals that the reader may see, with their words; whatever else there is isn't hinted at."""
    sites, session = sites_of(query), context.uow().session
    asked = journals.within(
        reach_of(context.actor()), sites=sites, patient_id=query["patient_id"], session_id=query["session_id"]
    )
    rows = session.scalars(
        in_order(asked, query, updated_at=JournalRow.updated_at, record_id=JournalRow.journal_id)
    ).all()
    shown = rows[: query["limit"]]
    words = journals.words_of(session, shown, sealer=_sealer())
    context.open_board("journals-opened", sites)
    # words are the chart itself: each patient's audit says that they were read, also in a list
    for patient_id, site_id in sorted({(row.patient_id, row.site_id) for row in shown}):
        context.audit_read("journals-read", patient_id=patient_id, record_id=patient_id, site_id=site_id)
    return page(
        rows,
        query,
        place=lambda row: (row.updated_at, row.journal_id),
        view=lambda row: journal_view(row, words[row.journal_id], earlier=None),
    )


@blueprint.route("/journals/<uuid:journal_id>", methods=["GET"])
@blueprint.response(200, JournalView)
def read_journal(journal_id: UUID) -> Any:
    """One journal. The patient also sees what stood there before an amendment."""
    row = journal_for(context.uow(), journal_id)
    context.audit_read("journal-read", patient_id=row.patient_id, record_id=journal_id, site_id=row.site_id)
    return versioned(_whole(row), row.version)


@blueprint.route("/journals/<uuid:journal_id>/amendments", methods=["POST"])
@blueprint.arguments(WordsBody)
@blueprint.response(200, JournalView)
def amend(body: dict[str, Any], journal_id: UUID) -> Any:
    """Put new words in front of the old ones, which are kept."""
    row = amend_journal(context.uow(), journal_id, _words(body), sealer=_sealer(), now=context.now())
    context.uow().session.flush()
    return versioned(_whole(row), row.version)


@blueprint.route("/journals/<uuid:journal_id>/sharing", methods=["PUT"])
@blueprint.arguments(SharingBody)
@blueprint.response(200, JournalView)
def share(body: dict[str, Any], journal_id: UUID) -> Any:
    """Change who may read it from now on."""
    row = journal_for(context.uow(), journal_id, lock=True)
    require_match(row.version)
    share_journal(context.uow(), row, body["sharing"], now=context.now())
    context.uow().session.flush()
    return versioned(_whole(row), row.version)


def journal_view(row: JournalRow, words: Words, *, earlier: list[tuple[datetime, Words]] | None) -> dict[str, Any]:
    return {
        "journal_id": row.journal_id,
        "session_id": row.session_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "practice": row.practice,
        "written_at": row.written_at,
        "submitted_at": row.submitted_at,
        "window_position": row.window_position,
        "sharing": row.sharing,
        "contact_requested": row.contact_requested,
        "amended_at": row.amended_at,
        "earlier": None if earlier is None else [{"kept_at": at} | _said(before) for at, before in earlier],
    } | _said(words)


def _whole(row: JournalRow) -> dict[str, Any]:
    session = context.uow().session
    words = journals.words_of(session, [row], sealer=_sealer())[row.journal_id]
    own = context.actor().is_portal
    return journal_view(row, words, earlier=journals.earlier_words(session, row, sealer=_sealer()) if own else None)


def _said(words: Words) -> dict[str, Any]:
    form = words.words_fail_me
    return {
        "text": words.text,
        "words_fail_me": None if form is None else {"body": form.body, "feelings": list(form.feelings)},
        "mood_0_10": words.mood_0_10,
    }


def _words(body: dict[str, Any]) -> Words:
    form = body["words_fail_me"]
    told = None if form is None else WordsFailMe(body=form["body"], feelings=tuple(form["feelings"]))
    return Words(text=body["text"], words_fail_me=told, mood_0_10=body["mood_0_10"])


def _sealer() -> Sealer:
    return context.deps(Deps).sealer
