"""A part of a page that another service draws: alone when the page asks for it, or as a page of its own.

The patient's page joins what four services know; each answers for its part with the reader's own rights, and fails
alone. Without script the same address is a whole page with a way back.
"""

from typing import Any
from uuid import UUID

from flask import Response, request

from shared.web.pages.page import page


def section(template: str, *, title: str, patient_id: UUID, status: int = 200, **shown: Any) -> Response:
    """`template` (a fragment that begins with its own `<h2>`) as this request wants it."""
    shown |= {"title": title, "patient_id": patient_id}
    if asked_for_alone():
        return page(template, status=status, **shown)
    return page("section.html", status=status, fragment=template, **shown)


def unknown(words: str, *, title: str, patient_id: UUID) -> Response:
    """404 for a patient whom this service doesn't know, or not for this reader; the two are not told apart.

    On the patient's page `words` stand in the part's place: that nothing is known isn't a failure.
    """
    answer = section("section_unknown.html", title=title, patient_id=patient_id, status=404, words=words)
    answer.headers["Afterglow-Section"] = "unknown"
    return answer


def asked_for_alone() -> bool:
    """Whether a page's script asks for a part of the page, not a person for a page."""
    return request.headers.get("HX-Request-Type") == "partial"
