"""The caller that the seed, the simulator and scripts share."""

from collections.abc import Callable

import httpx
import pytest

from services.console import client
from services.console.client import Caller, Refusal, Unreached, patiently

_PROBLEM = {
    "type": "urn:afterglow:problem:release-refused",
    "title": "The criteria for leaving are not met.",
    "status": 409,
    "reasons": [{"code": "sedation", "message": "…"}, {"code": "instructions", "message": "…"}],
}


def _caller(answer: Callable[[httpx.Request], httpx.Response]) -> Caller:
    return Caller(httpx.Client(base_url="http://house", transport=httpx.MockTransport(answer)), "a-token")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(client, "_POLL_SECONDS", 0.0)


def test_a_caller_sends_its_token_and_the_key_that_makes_it_safe_to_repeat() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"session_id": "s"}, headers={"ETag": '"1"'})

    answered = _caller(answer).post("/intake/v1/sessions", {"kind": "booster"}, key="seed:1")

    assert answered["session_id"] == "s"
    assert answered.etag == '"1"'
    assert seen[0].headers["Authorization"] == "Bearer a-token"
    assert seen[0].headers["Idempotency-Key"] == "seed:1"


def test_a_refusal_says_its_code_and_its_reasons() -> None:
    with pytest.raises(Refusal, match="409 release-refused") as refused:
        _caller(lambda _: httpx.Response(409, json=_PROBLEM)).post("/discharge/v1/recoveries/r/release")

    assert refused.value.code == "release-refused"
    assert refused.value.reasons == ("sedation", "instructions")


def test_a_refusal_without_a_problem_is_one_by_its_status() -> None:
    with pytest.raises(Refusal) as refused:
        _caller(lambda _: httpx.Response(502, text="<html>")).get("/intake/v1/sites")

    assert refused.value.code == "502"


@pytest.mark.parametrize(
    ("status", "code"), [(503, "unavailable"), (409, "in-flight")], ids=["database away", "the same key in flight"]
)
def test_a_busy_service_is_asked_again(status: int, code: str) -> None:
    answers = [httpx.Response(status, json={"type": f"urn:afterglow:problem:{code}"}), httpx.Response(200, json={})]

    assert _caller(lambda _: answers.pop(0)).get("/intake/v1/sites").status == 200
    assert not answers


def test_a_service_that_stays_busy_is_given_up() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503, json={})

    with pytest.raises(Refusal):
        _caller(answer).get("/intake/v1/sites")
    assert 1 < len(asked) < 10


def test_somebody_who_waits_is_told_what_is_away_instead_of_asking_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, asked = [0.0], []
    monkeypatch.setattr("services.console.client.monotonic", lambda: clock[0])

    def slow(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        clock[0] += 1.6
        return httpx.Response(503, json={})

    http = httpx.Client(base_url="http://test", transport=httpx.MockTransport(slow))
    with pytest.raises(Refusal):
        Caller(http, "token", patience_seconds=3.0).get("/intake/v1/events")
    assert len(asked) == 2


def test_a_refusal_that_will_not_change_is_not_asked_again() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(409, json=_PROBLEM)

    with pytest.raises(Refusal):
        _caller(answer).post("/x")
    assert len(asked) == 1


def test_nobody_at_home_is_said_so() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unreached):
        _caller(away).get("/intake/v1/sites")


def test_a_put_reads_the_version_it_changes_and_again_when_it_grew_in_between() -> None:
    version = iter(("1", "2"))
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            assert request.url.path == "/discharge/v1/recoveries/r"
            return httpx.Response(200, json={}, headers={"ETag": f'"{next(version)}"'})
        sent.append(request.headers["If-Match"])
        return httpx.Response(412 if len(sent) == 1 else 200, json={})

    _caller(answer).put("/discharge/v1/recoveries/r/transport", {"kind": None})

    assert sent == ['"1"', '"2"']


def test_a_put_of_a_known_version_leaves_a_conflict_to_its_caller() -> None:
    with pytest.raises(Refusal) as refused:
        _caller(lambda _: httpx.Response(412, json={})).put("/r/transport", {}, etag='"7"')

    assert refused.value.status == 412


def test_a_list_is_read_to_its_end() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "cursor" in request.url.params:
            return httpx.Response(200, json={"items": [{"n": 2}], "next": None})
        return httpx.Response(200, json={"items": [{"n": 1}], "next": "more"})

    assert _caller(answer).everything("/intake/v1/boosters") == [{"n": 1}, {"n": 2}]


def test_what_an_event_has_yet_to_make_is_waited_for() -> None:
    answers = [404, 404, 200]

    def look() -> int:
        status = answers.pop(0)
        if status == 404:
            raise Refusal("GET", "/r", 404, {})
        return status

    assert patiently(look, seconds=5) == 200


def test_waiting_ends_and_other_refusals_are_not_waited_for() -> None:
    def refuse(status: int) -> Callable[[], None]:
        def act() -> None:
            raise Refusal("GET", "/r", status, {})

        return act

    for status in (404, 403):
        with pytest.raises(Refusal):
            patiently(refuse(status), seconds=0)
