"""The whole house in Compose: it comes up by itself, the journey passes, and no part's absence loses a fact.

One project for the whole file; each test leaves it as healthy as it found it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, expect

from services.console.care import Care, Visit, book, open_course, register
from services.console.client import Clinics, Refusal, patiently
from shared.kernel.clock import monotonic
from tests.e2e.journey import ClockByHttp, walk
from tests.support.browser import Screen
from tests.support.compose import SERVICES, House
from tests.support.hands import Hand, Keyboard, Mouse
from tests.support.journey_by_hand import Day

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

_BACK_WITHIN_SECONDS = 90.0
_LATE_MS = 60_000
_numbers = count(1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("compose")) as running:
        yield running


@pytest.fixture
def clinics(house: House) -> Iterator[Clinics]:
    clinics = Clinics(house.url, house.data / "keys")
    yield clinics
    clinics.close()


def _booked(clinics: Clinics) -> Visit:
    """A session that may begin, on a chair of its own."""
    number = next(_numbers)
    key = f"compose-{number}"
    care = Care(clinics, "riverside")
    now = clinics.now()
    person = {
        "family_name": f"Fictional{chr(64 + number)}",
        "given_name": "Avery",
        "birth_date": f"19{60 + number}-05-04",
        "phone": f"+1 212 555 01{number:02d}",
    }
    patient_id = register(care, key, person)
    course_id = open_course(care, key, patient_id, product="ketamine-iv", planned=6, indication="depression")
    visit = book(
        care,
        key,
        patient_id,
        course_id,
        chair=f"r{number}",
        at=now - timedelta(minutes=1),
        minutes=180,
        kind="induction",
    )
    visit.bring(
        {
            "kind": "escort",
            "name": "Robin Fictional",
            "phone": "+1 212 555 0199",
            "relationship": "sibling",
            "adult": True,
            "confirmed_at": (now - timedelta(minutes=30)).isoformat(),
            "arrives_at": (now + timedelta(hours=3)).isoformat(),
        }
    )
    return visit


def _completed(clinics: Clinics) -> Visit:
    """A session whose dose was just given."""
    visit = _booked(clinics)
    visit.check_in()
    visit.start({"systolic_mmhg": 122, "diastolic_mmhg": 78, "heart_rate_bpm": 70, "spo2_percent": 98})
    visit.complete({"dose_mg": 40, "lot": "LOT-1"})
    return visit


def _recovery(visit: Visit, *, within: float = _BACK_WITHIN_SECONDS) -> dict[str, object]:
    """The recovery that discharge opens when it hears of the dose."""
    path = f"/discharge/v1/recoveries/{visit.session_id}"
    return patiently(lambda: visit.care.nurse.get(path), seconds=within).body


def _eventually(look: Callable[[], bool], *, within: float = _BACK_WITHIN_SECONDS) -> bool:
    give_up = monotonic() + within
    while monotonic() < give_up:
        if look():
            return True
    return False


def _ready(house: House, container: str) -> bool:
    return '"status":"ready"' in house.inside(container, "/readyz").replace(" ", "")


def test_all_services_and_their_workers_are_ready(house: House) -> None:
    for service in SERVICES:
        assert _ready(house, service)
        assert _ready(house, f"{service}-work")


def test_one_address_leads_to_all_four_services(house: House) -> None:
    with house.client("prescriber", "riverside") as prescriber:
        assert {site["site_id"] for site in prescriber.get("/intake/v1/sites").json()["items"]} >= {"riverside"}
        for path in ("/intake/v1/boards/today", "/discharge/v1/recoveries", "/integration/v1/windows"):
            assert prescriber.get(path).status_code == 200
        assert prescriber.get("/maintenance/v1/escalations").status_code == 200
    for service in SERVICES:
        assert httpx.get(f"{house.url}/{service}/v1/openapi.json").json()["openapi"].startswith("3.1")


def test_the_gateway_lets_nobody_in_without_a_token_nor_see_metrics(house: House) -> None:
    assert httpx.get(f"{house.url}/discharge/v1/recoveries").status_code == 401
    assert httpx.get(f"{house.url}/metrics").status_code == 404
    assert "http_requests_total" in house.inside("intake", "/metrics")
    assert "afterglow_events_applied_total" in house.inside("discharge-work", "/metrics")


def test_the_gateway_passes_the_correlation_id_and_refuses_huge_bodies_as_a_problem(house: House) -> None:
    answer = httpx.get(f"{house.url}/intake/v1/sites", headers={"X-Correlation-Id": "from-a-portal-1"})
    huge = httpx.post(f"{house.url}/intake/v1/patients", content=b" " * 2_000_000)

    assert answer.headers["X-Correlation-Id"] == "from-a-portal-1"
    assert huge.status_code == 413
    assert huge.headers["Content-Type"] == "application/problem+json"
    assert huge.json()["type"] == "urn:afterglow:problem:too-large"


def test_a_dose_in_intake_opens_a_recovery_in_discharge(clinics: Clinics) -> None:
    assert _recovery(_completed(clinics))["state"] == "recovering"


def test_a_service_that_is_away_takes_nobody_else_with_it(house: House, clinics: Clinics) -> None:
    house.kill("discharge")
    away = httpx.get(f"{house.url}/discharge/v1/recoveries", timeout=10)
    visit = _completed(clinics)
    house.start("discharge")

    assert away.status_code == 503
    assert away.headers["Retry-After"]
    assert away.json()["type"] == "urn:afterglow:problem:unavailable"
    assert _recovery(visit)["state"] == "recovering"


def test_a_broker_that_is_away_stops_no_dose_and_loses_no_fact(house: House, clinics: Clinics) -> None:
    house.kill("kafka")
    visit = _completed(clinics)
    told = _eventually(lambda: not _is_ready_now(house, "intake-work"))
    house.start("kafka")

    assert told, "the worker's /readyz never said that the broker is away"
    assert _recovery(visit)["state"] == "recovering"
    assert _eventually(lambda: _is_ready_now(house, "intake-work"))


def test_a_database_that_is_away_is_said_so_and_nothing_is_lost(house: House, clinics: Clinics) -> None:
    before = _completed(clinics)
    house.kill("postgres")
    with house.client("nurse", "riverside") as nurse:
        away = nurse.get("/intake/v1/sessions/" + before.session_id)
    house.start("postgres")

    assert away.status_code == 503
    assert away.headers["Retry-After"]
    assert _recovery(before)["state"] == "recovering"
    assert _recovery(_completed(clinics))["state"] == "recovering"


def test_workers_that_crash_are_started_again_and_apply_each_fact_once(house: House, clinics: Clinics) -> None:
    house.crash("intake-work")
    house.crash("discharge-work")
    visit = _completed(clinics)
    house.crash("discharge-work")

    recovery = _recovery(visit)
    with pytest.raises(Refusal) as again:
        visit.care.nurse.post(f"/intake/v1/sessions/{visit.session_id}/complete", {"dose_mg": 40, "lot": "LOT-1"})

    assert recovery["state"] == "recovering"
    assert again.value.code == "wrong-state"
    recoveries = visit.care.nurse.everything("/discharge/v1/recoveries")
    assert [found["session_id"] for found in recoveries].count(visit.session_id) == 1


@pytest.mark.browser
@pytest.mark.parametrize(
    ("hand", "script", "family_name"),
    [
        pytest.param(Mouse(), "on", "Bymouse", id="by mouse"),
        pytest.param(Keyboard(), "on", "Bykeyboard", id="by keyboard alone"),
        pytest.param(Mouse(), "off", "Noscript", id="without script"),
    ],
)
def test_a_patient_is_booked_dosed_watched_and_released(
    house: House, browser: Browser, hand: Hand, script: str, family_name: str
) -> None:
    clock = _begin_a_day(house)
    with Screen(browser, house.url, script=script) as desk, Screen(browser, house.url, script=script) as nurse:
        desk.signs_in("front_desk")
        nurse.signs_in("nurse")
        Day(desk, nurse, clock, hand, family_name=family_name, chair="R9").is_lived()


@pytest.mark.browser
def test_what_one_desk_does_stands_on_the_other_and_a_lost_line_is_said(
    house: House, clinics: Clinics, browser: Browser
) -> None:
    _begin_a_day(house)
    row = f"#row-{_booked(clinics).session_id}"
    with Screen(browser, house.url) as here, Screen(browser, house.url) as there:
        for screen, role in ((here, "front_desk"), (there, "nurse")):
            screen.signs_in(role)
            screen.opens("/intake/today")
        here.page.locator(row).get_by_role("button", name="Check in").click()
        expect(there.page.locator(row)).to_contain_text("Arrived", timeout=_LATE_MS)

        for screen in (here, there):
            screen.loses_its_line()
            screen.may_be_refused(502, 503)
        house.kill("gateway")
        expect(there.page.locator("#live .words")).to_contain_text("Stale since", timeout=_LATE_MS)
        expect(there.page.locator(row)).to_contain_text("Arrived")
        house.start("gateway")
        expect(there.page.locator("#live .words")).to_have_text("Live", timeout=_LATE_MS)


@pytest.mark.browser
def test_a_patients_page_stands_without_maintenance_and_says_so(
    house: House, clinics: Clinics, browser: Browser
) -> None:
    visit = _completed(clinics)
    with Screen(browser, house.url) as screen:
        screen.signs_in("prescriber")
        screen.loses_its_line()
        screen.may_be_refused(404, 503)  # integration has nothing on the patient yet
        house.kill("maintenance")
        page = screen.opens(f"/intake/patients/{visit.patient_id}")
        plan = page.locator("#plan")
        expect(plan).to_contain_text("Maintenance can’t be reached right now", timeout=_LATE_MS)
        expect(page.locator("#restriction")).to_contain_text("Still here", timeout=_LATE_MS)
        house.start("maintenance")
        # the page asks again by itself
        expect(plan).not_to_contain_text("can’t be reached", timeout=_LATE_MS)


def test_a_patient_walks_the_whole_journey_while_workers_crash(house: House) -> None:
    clock = _begin_a_day(house)

    def disturb(step: str) -> None:
        crashing = {"dosed": "discharge-work", "released": "integration-work", "interval set": "maintenance-work"}
        if step in crashing:
            house.crash(crashing[step])

    walked = walk(house.url, house.token, clock, pause=disturb)

    assert walked.explanations[-1] == "rule 6: PHQ-9 4 of baseline 18, lowest 4: 42 → 56 days"


def _begin_a_day(house: House) -> ClockByHttp:
    """10:00 in New York on the day after: what is begun ends on the same day, whatever hour it is here, and no prompt
    falls due at the very edge of the quiet hours."""
    clock = ClockByHttp(house.url)
    local = clock.now().astimezone(ZoneInfo("America/New_York"))
    clock.move_to(datetime.combine(local.date() + timedelta(days=1), time(10), local.tzinfo))
    return clock


def _is_ready_now(house: House, container: str) -> bool:
    try:
        return _ready(house, container)
    except Exception:
        return False
