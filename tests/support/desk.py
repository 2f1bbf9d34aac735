"""A person at a browser without script: signs in, reads pages, sends the plain forms that stand on them.

desk = Desk(house, "intake", role="front_desk")
desk.opens("/intake/today")
desk.sends(f"/intake/today/{session_id}/check-in")
"""

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from flask import Response
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from shared.kernel.people import Actor, Role
from shared.web.pages import csrf, sign_in
from tests.support.house import House

_SECRET = "the-desk-of-a-test"


class Desk:
    """One sign-in at one service of `house`; its cookie is what intake would have signed."""

    def __init__(
        self,
        house: House,
        service: str,
        *,
        role: str = "front_desk",
        sites: Sequence[str] = ("riverside",),
        subject: str | None = None,
    ) -> None:
        actor = Actor(
            subject=subject or f"{role}-{'-'.join(sites)}",
            name=f"Test {role}",
            roles=frozenset({Role(role)}),
            sites=frozenset(sites),
        )
        answer = Response()
        key = house.signing
        sign_in.write(answer, actor, sites[0], csrf=_SECRET, key=key.key, key_id=key.key_id, secure=False)
        self._client = house.service(service).app.test_client()
        self._client.set_cookie(sign_in.COOKIE, answer.headers["Set-Cookie"].split(";")[0].split("=", 1)[1])

    def opens(self, path: str, *, expect: int = 200, **kwargs: Any) -> "Page":
        return Page(self._client.get(path, **kwargs), path, expect)

    def sends(
        self, path: str, fields: Mapping[str, Any] | None = None, *, expect: int = 303, proof: bool = True
    ) -> "Page":
        """Send a form; `proof` False leaves out what shows that it came from our own page."""
        body = MultiDict(dict(fields or {}))
        if proof:
            body[csrf.FIELD] = csrf.masked(_SECRET)
        return Page(self._client.post(path, data=body), path, expect)


class Page:
    """An answer in HTML, as somebody reads it."""

    def __init__(self, answer: TestResponse, path: str, expect: int) -> None:
        self.answer = answer
        self.html = answer.get_data(as_text=True)
        assert answer.status_code == expect, f"{path}: {answer.status_code} {' '.join(_Reader.words(self.html))[:600]}"

    @property
    def leads_to(self) -> str:
        return str(self.answer.headers["Location"])

    @property
    def words(self) -> str:
        """All that is read, in order, one space between."""
        return " ".join(_Reader.words(self.html))

    def value_of(self, name: str) -> str | None:
        """What stands in the first field of that name; the chosen one's of radios and selects."""
        return _Reader.read(self.html).values.get(name)

    def forms(self) -> list[str]:
        """Where the page's forms lead."""
        return _Reader.read(self.html).actions


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.values: dict[str, str] = {}
        self.actions: list[str] = []
        self._select: str | None = None

    @classmethod
    def read(cls, html: str) -> "_Reader":
        reader = cls()
        reader.feed(html)
        return reader

    @classmethod
    def words(cls, html: str) -> list[str]:
        return [word for text in cls.read(html).texts for word in text.split()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.actions.append(found.get("action") or "")
        if tag == "select":
            self._select = found.get("name")
        if tag == "option" and "selected" in found and self._select:
            self.values.setdefault(self._select, found.get("value") or "")
        if tag == "input" and (name := found.get("name")):
            if found.get("type") in {"radio", "checkbox"} and "checked" not in found:
                return
            self.values.setdefault(name, found.get("value") or "")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
