"""How the house starts, resumes, refuses, and how its one clock moves: by its command, as a new user meets it."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import httpx
import pytest

from services.console.client import Clinics
from tests.e2e.journey import ClockByHttp, walk
from tests.e2e.running import RunningHouse, free_port, run
from tests.support.house import House

pytestmark = pytest.mark.timeout(600)

_SERVICES = ("intake", "discharge", "integration", "maintenance")
_START = datetime(2026, 6, 1, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """One that stands still, for what only looks at it or moves its clock forward."""
    folder = tmp_path_factory.mktemp("house") / "data"
    with RunningHouse(folder, "--empty", "--at", _START.isoformat(), "--speed", "0") as running:
        yield running


def _move(house: RunningHouse, body: object) -> httpx.Response:
    return httpx.post(f"{house.origin}/demo/clock", json=body, timeout=60)


# settings


def test_all_bad_settings_are_named_in_one_message_and_end_it_with_2(tmp_path: Path) -> None:
    bad = {
        "AFTERGLOW_PORT": "eighty",
        "AFTERGLOW_EVENTS": "rabbit://here",
        "AFTERGLOW_KAFKA_SECURITY": "TRUST_ME",
        "AFTERGLOW_SITES": str(tmp_path / "nowhere.json"),
        "AFTERGLOW_INTAKE_DATABASE": "mysql://root:hunter2@here/db",
        "AFTERGLOW_MAINTENANCE_DATABASE": "not a url",
    }
    refused = run("--empty", "--data", str(tmp_path / "data"), environ=bad)

    assert refused.returncode == 2
    assert [name for name in bad if name not in refused.stderr] == []
    assert "hunter2" not in refused.stderr + refused.stdout
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "options",
    [("--port", "0"), ("--port", "65536"), ("--speed", "-1"), ("--at", "yesterday"), ("--at", "2026-03-07T13:00:00")],
    ids=["port 0", "port too high", "speed below 0", "no instant", "an instant without offset"],
)
def test_an_option_that_makes_no_sense_ends_it_with_2_and_says_which(tmp_path: Path, options: tuple[str, str]) -> None:
    refused = run("--empty", *options, "--data", str(tmp_path / "data"))

    assert refused.returncode == 2
    assert options[0] in refused.stderr


def test_empty_and_demo_exclude_each_other(tmp_path: Path) -> None:
    assert run("--empty", "--demo=quiet", "--data", str(tmp_path / "data")).returncode == 2


def test_a_taken_port_is_said_so_and_nothing_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = run("--empty", "--port", str(other.getsockname()[1]), "--data", str(tmp_path / "data"))

    assert refused.returncode == 2
    assert "is taken" in refused.stderr


def test_a_second_house_on_the_same_folder_is_refused(house: RunningHouse) -> None:
    refused = run("--empty", "--port", str(free_port()), "--data", str(house.data))

    assert refused.returncode == 2
    assert str(house.data) in refused.stderr
    assert house.ready(), "the first isn't disturbed"


def test_doctor_is_content_with_a_new_folder_and_leaves_it_alone(tmp_path: Path) -> None:
    looked = run("doctor", "--json", "--data", str(tmp_path / "new"))

    assert looked.returncode == 0, looked.stdout
    assert json.loads(looked.stdout)["status"] == "ready"
    assert not (tmp_path / "new").exists()


def test_doctor_looks_at_a_running_house_without_disturbing_it(house: RunningHouse) -> None:
    looked = run("doctor", "--json", "--data", str(house.data))

    assert looked.returncode == 0, looked.stdout
    assert {"intake-database", "events", "keys", "sites", "clock"} <= {
        check["name"] for check in json.loads(looked.stdout)["checks"]
    }
    assert house.ready()


def test_doctor_names_every_trouble_at_once(tmp_path: Path) -> None:
    environ = {"AFTERGLOW_PORT": "0", "AFTERGLOW_DISCHARGE_DATABASE": "mysql://x"}
    looked = run("doctor", "--json", "--data", str(tmp_path / "new"), environ=environ)

    assert looked.returncode == 1
    assert all(name in looked.stdout for name in environ)


def test_doctor_names_the_likely_cause_when_kafka_refuses(tmp_path: Path) -> None:
    environ = {"AFTERGLOW_EVENTS": f"kafka://127.0.0.1:{free_port()}"}
    looked = run("doctor", "--json", "--data", str(tmp_path / "new"), environ=environ)

    [events] = [check for check in json.loads(looked.stdout)["checks"] if check["name"] == "events"]
    assert looked.returncode == 1
    assert "Nothing listens" in events["message"]
    assert "listener" in events["message"]


def test_a_token_comes_from_the_folder_that_is_asked_for(house: RunningHouse) -> None:
    printed = run("token", "--role", "front_desk", "--site", "lakeview", "--data", str(house.data)).stdout.strip()
    headers = {"Authorization": f"Bearer {printed}"}
    sites = httpx.get(f"{house.origin}/intake/v1/sites", headers=headers).json()["items"]

    assert [site["site_id"] for site in sites] == ["lakeview"]


def test_one_address_has_a_home_health_and_every_service(house: RunningHouse) -> None:
    assert httpx.get(house.origin).headers["Content-Type"].startswith("text/html")
    for path in ("/livez", "/readyz", "/metrics", *(f"/{name}/v1/openapi.json" for name in _SERVICES)):
        assert httpx.get(f"{house.origin}{path}").status_code == 200, path


# the clock


def test_a_clock_at_speed_0_stands_still_until_it_is_moved(house: RunningHouse) -> None:
    clock = ClockByHttp(house.origin)
    before = clock.now()
    assert clock.now() == before

    moved = _move(house, {"advance_seconds": 90})

    assert moved.status_code == 200
    assert datetime.fromisoformat(moved.json()["now"]) == clock.now() == before + timedelta(seconds=90)


def test_the_clock_moves_to_an_instant_in_any_zone(house: RunningHouse) -> None:
    target = ClockByHttp(house.origin).now() + timedelta(hours=1)
    moved = _move(house, {"to": (target.astimezone(UTC) + timedelta()).isoformat().replace("+00:00", "Z")})

    assert datetime.fromisoformat(moved.json()["now"]) == target


@pytest.mark.parametrize(
    "body",
    [
        {"to": _START.isoformat()},
        {"advance_seconds": -1},
        {"advance_seconds": 1, "to": "2030-01-01T00:00:00Z"},
        {"advance_seconds": "soon"},
        {"advance_seconds": True},
        {"to": "tomorrow"},
        {"to": "2030-01-01T00:00:00"},
        {"advance_seconds": 1e300},
        {"to": "9999-12-31T23:59:59-12:00"},
        {"forward": 5},
        {},
        [],
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_a_move_backwards_or_without_sense_is_refused_and_moves_nothing(house: RunningHouse, body: object) -> None:
    clock = ClockByHttp(house.origin)
    _move(house, {"advance_seconds": 1})
    before = clock.now()

    refused = _move(house, body)

    assert refused.status_code in {400, 422}, refused.text
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert clock.now() == before


def test_a_clock_passes_at_its_speed_and_never_turns_back_over_a_kill(tmp_path: Path) -> None:
    with RunningHouse(tmp_path / "data", "--empty", "--at", _START.isoformat(), "--speed", "600") as house:
        clock = ClockByHttp(house.origin)
        first, begun = clock.now(), monotonic()
        assert first >= _START
        while monotonic() - begun < 2:
            seen = clock.now()
            assert seen >= first
            first = seen
        assert seen - _START >= timedelta(minutes=20), "two real seconds are 20 minutes"

        house.kill()
        house.start("--at", "2020-01-01T00:00:00Z")

        assert clock.now() >= seen, "it resumes, whatever --at says, and never goes backwards"
        assert clock.now() - seen < timedelta(hours=12), "the time it was away didn't pass"


def test_a_clock_that_stood_still_resumes_at_the_same_instant(tmp_path: Path) -> None:
    with RunningHouse(tmp_path / "data", "--empty", "--at", _START.isoformat(), "--speed", "0") as house:
        _move(house, {"advance_seconds": 3600})
        assert house.end() == 0
        house.start()

        assert ClockByHttp(house.origin).now() == _START + timedelta(hours=1)


def test_where_the_clock_is_not_the_demos_there_is_none_to_move(tmp_path: Path) -> None:
    elsewhere = House(tmp_path)
    client = elsewhere.service("intake").app.test_client()

    assert client.get("/demo/clock").status_code == 404
    assert client.post("/demo/clock", json={"advance_seconds": 1}).status_code == 404
    elsewhere.close()


def test_ninety_days_after_a_walk_pass_in_seconds(tmp_path: Path) -> None:
    with RunningHouse(tmp_path / "data", "--empty", "--at", "2026-06-01T09:20:00-04:00", "--speed", "0") as house:
        clock = ClockByHttp(house.origin)
        walk(house.origin, house.token, clock)
        clinics = Clinics(house.origin, house.data / "keys")
        begun = monotonic()
        clinics.advance_clock(timedelta(days=90))
        print(f"\n90 days of one patient: {monotonic() - begun:.2f} s")
        clinics.close()
