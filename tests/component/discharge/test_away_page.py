"""A person whose service has lost its database reads what is away and what still works, not a program's problem."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from shared.web.pages.away import AWAY
from tests.component.discharge.conftest import Stay
from tests.support.desk import Desk


@pytest.fixture
def without_database(stay: Stay) -> Iterator[Stay]:
    engine = stay.house.service("discharge").deps.engine

    def refuse(*_: Any) -> None:
        raise OperationalError("connect", {}, Exception("no route"))

    engine.dispose()
    event.listen(engine, "do_connect", refuse)
    yield stay
    event.remove(engine, "do_connect", refuse)


def test_the_page_says_what_is_away_and_offers_to_try_again(without_database: Stay) -> None:
    nurse = Desk(without_database.house, "discharge", role="nurse")
    seen = nurse.opens("/discharge/recovery?show=ready", expect=503)
    assert AWAY["discharge"].words in seen.words
    assert AWAY["discharge"].still in seen.words
    assert 'href="/discharge/recovery?show=ready"' in seen.html
    assert seen.answer.headers["Retry-After"]


def test_a_form_is_told_that_it_was_not_kept(without_database: Stay) -> None:
    nurse = Desk(without_database.house, "discharge", role="nurse")
    path = f"/discharge/recoveries/{without_database.session_id}/observations"
    seen = nurse.sends(path, {"spo2_percent": "97"}, expect=503)
    assert "What you sent was not kept." in seen.words
    assert f'href="{path}"' not in seen.html


def test_a_program_gets_the_problem(without_database: Stay) -> None:
    answer = without_database.staff().get("/tasks", expect=503)
    assert answer.get_json()["type"] == "urn:afterglow:problem:unavailable"
    assert answer.headers["Retry-After"]
