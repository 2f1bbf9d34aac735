"""What a person gets while a service is away: from a service that lost its database, and from the gateway alone.

with without_discharge(folder) as house: …
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.running import ROOT, RunningHouse
from tests.support.morning import MORNING

_GATEWAY = ROOT / "deploy" / "gateway"
_OF_A_SERVICE = re.compile(r'<!--# if expr="\$away_service = (\w+)" -->\n(.*?)<!--# endif -->\n', re.DOTALL)
_OF_A_FORM = re.compile(
    r'<!--# if expr="\$away_sent = form" -->\n(.*?)<!--# else -->\n(.*?)<!--# endif -->\n', re.DOTALL
)


@contextmanager
def without_discharge(folder: Path) -> Iterator[RunningHouse]:
    """An empty house whose discharge finds none of its tables, as when its database is another or gone."""
    with RunningHouse(folder / "data", "--empty", "--at", MORNING.isoformat(), "--speed", "0") as house:
        with closing(sqlite3.connect(house.data / "discharge.db", timeout=30)) as store, store:
            found = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            for (name,) in store.execute(found).fetchall():
                store.execute(f'ALTER TABLE "{name}" RENAME TO "gone_{name}"')
        yield house


def gets_the_gateways_page(service: str, path: str, *, sent: bool = False) -> Callable[[Page], None]:
    """Goes to `path` of `service` where the gateway reaches nobody; `sent`: a form was on its way."""

    def does(page: Page) -> None:
        page.route("**/gateway/away.css", lambda route: route.fulfill(path=_GATEWAY / "away.css"))
        page.route(f"**{path}", lambda route: route.fulfill(status=503, content_type="text/html", body=filled_in))
        page.goto(path)

    filled_in = _as_nginx_fills_it_in(service, path, sent=sent)
    return does


def _as_nginx_fills_it_in(service: str, again: str, *, sent: bool) -> str:
    text = (_GATEWAY / "away.html").read_text()
    text = _OF_A_SERVICE.sub(lambda block: block[2] if block[1] == service else "", text)
    text = _OF_A_FORM.sub(lambda block: block[1] if sent else block[2], text)
    text = text.replace('<!--# echo var="away_again" -->', again)
    assert "<!--#" not in text
    return text
