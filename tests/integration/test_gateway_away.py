"""The gateway alone, with no service behind it: people get a page, programs and scripts a problem."""

import http.client
from collections.abc import Iterator
from time import monotonic, sleep

import httpx
import pytest

from shared.web.pages.away import AWAY
from tests.e2e.running import ROOT
from tests.support.containers import free_port, need_docker

NGINX_IMAGE = "nginx:1.26"
A_PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PATHS = {
    "intake": "/intake/today",
    "discharge": "/discharge/recovery",
    "integration": "/integration/windows",
    "maintenance": "/maintenance/escalations",
}

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    need_docker()
    from testcontainers.core.container import DockerContainer

    port = free_port()
    container = DockerContainer(NGINX_IMAGE)
    container.ports["8080"] = ("127.0.0.1", port)
    container.with_volume_mapping(str(ROOT / "deploy" / "gateway"), "/etc/nginx/templates", "ro")
    container.start()
    origin = f"http://127.0.0.1:{port}"
    try:
        _wait(origin)
        yield origin
    finally:
        container.stop()


def _wait(origin: str) -> None:
    give_up = monotonic() + 30
    while monotonic() < give_up:
        try:
            if httpx.get(f"{origin}/gateway/livez").status_code == 200:
                return
        except httpx.TransportError:
            sleep(0.2)
    raise AssertionError("the gateway never began")


@pytest.mark.parametrize("service", PATHS)
def test_a_person_reads_which_service_is_away_and_what_still_works(gateway: str, service: str) -> None:
    answer = httpx.get(gateway + PATHS[service], headers=A_PERSON)
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Retry-After"]
    assert AWAY[service].words in answer.text
    assert AWAY[service].still in answer.text
    assert [other for other in AWAY if AWAY[other].words in answer.text] == [service]
    assert f'href="{PATHS[service]}">Try again' in answer.text


def test_the_page_is_whole_by_itself_and_lets_nothing_else_in(gateway: str) -> None:
    answer = httpx.get(f"{gateway}/discharge/recovery", headers=A_PERSON)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert httpx.get(f"{gateway}/gateway/away.css").headers["Content-Type"] == "text/css"


def test_a_form_that_was_sent_is_not_said_to_be_kept_and_isnt_sent_again_by_a_link(gateway: str) -> None:
    answer = httpx.post(f"{gateway}/intake/today/some/check-in", headers=A_PERSON)
    assert "What you sent may not have been kept." in answer.text
    assert "Try again</a>" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [{}, {"Accept": "*/*"}, {"Accept": "application/json"}, A_PERSON | {"HX-Request": "true"}],
    ids=["says nothing", "anything", "json", "a page's own script"],
)
def test_programs_and_scripts_get_the_problem(gateway: str, headers: dict[str, str]) -> None:
    answer = httpx.get(f"{gateway}/discharge/recovery", headers=headers)
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"]
    assert answer.json()["type"] == "urn:afterglow:problem:unavailable"


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ('/discharge/recovery?show="><script>', '"/discharge/recovery?show=&quot;&gt;&lt;script&gt;"'),
        ("//elsewhere.example/discharge", '"/"'),
    ],
    ids=["another's markup", "another's server"],
)
def test_try_again_leads_nowhere_else_and_writes_nothing_in(gateway: str, asked: str, leads_to: str) -> None:
    host, _, port = gateway.removeprefix("http://").partition(":")
    line = http.client.HTTPConnection(host, int(port), timeout=10)
    line.putrequest("GET", asked.replace(" ", "%20"), skip_host=False)
    line.putheader("Accept", "text/html")
    line.endheaders()
    body = line.getresponse().read().decode()
    line.close()
    assert f"href={leads_to}>Try again" in body


def test_its_own_answers_arent_addresses(gateway: str) -> None:
    for path in ("/gateway/away.html", "/gateway/away.json"):
        assert httpx.get(gateway + path).status_code == 404
