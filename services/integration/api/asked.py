"""What a list's query may ask about: a patient or a session that the reader can see, at sites of theirs."""

from typing import Any

from services.integration.use_cases.visible import patient_known, window_for
from shared.web import context


def sites_of(query: dict[str, Any]) -> frozenset[str]:
    """The sites a list is about. NotFound for a foreign site, or a patient or session that this reader can't see."""
    if query["patient_id"] is not None:
        patient_known(context.uow(), query["patient_id"])
    if query.get("session_id") is not None:
        window_for(context.uow(), query["session_id"])
    return context.requested_sites()
