"""What fails alone, says so, and comes back: names, a section, the live line, the sign-in."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.e2e.running import RunningHouse
from tests.support.browser import Screen
from tests.support.morning import Resume
from tests.support.views import People, is_left_alone

_STALE = re.compile(r"Stale since \d\d:\d\d")


@pytest.fixture(scope="module")
def people(morning: RunningHouse) -> People:
    return People(morning)


def test_without_intake_the_recovery_board_keeps_chair_and_session_time(desk: Desk) -> None:
    screen = desk("nurse")
    screen.loses_its_line()
    screen.page.route("**/intake/**", lambda route: route.abort())
    page = screen.opens("/discharge/recovery")
    page.wait_for_timeout(500)

    row = page.locator("table.recovery tr[data-part]", has_text="R2").first
    expect(row).to_contain_text("session 11:")
    expect(row.locator(".escort-name")).to_have_text("Escort")
    expect(row).not_to_contain_text("Whitfield")


def test_names_come_when_intake_is_back(desk: Desk) -> None:
    screen = desk("nurse")
    page = screen.opens("/discharge/recovery")

    expect(page.locator("table.recovery tr[data-part]", has_text="Ben Whitfield")).to_contain_text("b. 1969")


def test_who_comes_for_whom_is_the_desks_knowledge_and_the_board_stands_without_it(desk: Desk) -> None:
    screen = desk("nurse")
    row = screen.opens("/discharge/recovery").locator("table.recovery tr[data-part]", has_text="Ben Whitfield")
    place = row.locator("[data-escort-of]")
    expect(place).to_have_attribute("data-named", "")
    expect(place.locator(".escort-name")).not_to_have_text("Escort")
    expect(place.locator(".escort-says")).not_to_be_empty()

    screen.loses_its_line()
    screen.page.route("**/intake/v1/escort-labels**", lambda route: route.abort())
    row = screen.opens("/discharge/recovery").locator("table.recovery tr[data-part]", has_text="Ben Whitfield")
    expect(row).to_be_visible()
    expect(row.locator(".escort-name")).to_have_text("Escort")


@pytest.mark.parametrize(
    ("service", "path", "words"),
    [
        ("maintenance", "/plan", "Maintenance can’t be reached right now"),
        ("discharge", "/restriction", "Discharge can’t be reached right now"),
    ],
)
def test_a_section_whose_service_is_down_says_which_and_the_others_stand(
    desk: Desk, people: People, service: str, path: str, words: str
) -> None:
    screen = desk("prescriber")
    screen.loses_its_line()
    away = f"**/{service}/patients/**{path}"
    screen.page.route(away, lambda route: route.abort())
    page = screen.opens(people.path("/intake/patients/{patient of Ben Whitfield}"))

    failed = page.locator(f"[data-section={service}]", has_text=words)
    expect(failed).to_have_count(1)
    expect(failed.get_by_role("heading")).not_to_be_empty()
    expect(page.locator("[data-section]", has_text="can’t be reached")).to_have_count(1)
    # by the clinic’s clock, which stands at another hour than this browser’s
    drawn = page.locator("#clock").inner_text().rpartition(", ")[2]
    expect(failed).to_contain_text(re.compile(f"Last tried {drawn[:4]}"))

    screen.page.unroute(away)
    failed.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-section]", has_text="can’t be reached")).to_have_count(0)


def test_a_service_that_answers_503_is_said_by_its_name_too(desk: Desk, people: People) -> None:
    screen = desk("prescriber")
    screen.may_be_refused(503)
    screen.page.route("**/integration/patients/**/window", lambda route: route.fulfill(status=503, body="{}"))
    page = screen.opens(people.path("/intake/patients/{patient of Ben Whitfield}"))

    expect(page.locator("[data-section=integration]", has_text="Integration can’t be reached right now")).to_have_count(
        1
    )


def test_a_lost_line_is_said_with_its_time_values_stay_and_it_comes_back(
    a_morning: Resume, tmp_path: Path, desk: Desk
) -> None:
    house = a_morning(tmp_path)
    screen = desk("front_desk", house=house)
    page = screen.opens("/intake/today")
    page.wait_for_timeout(3_500)
    screen.loses_its_line()
    screen.may_be_refused(503)

    house.kill()
    expect(page.locator("#live .words")).to_have_text(_STALE, timeout=30_000)
    expect(page.locator("#stale")).to_contain_text("Trying again")
    expect(screen.row("Noor Haddad")).to_be_visible()

    house.start()
    expect(page.locator("#live .words")).to_have_text("Live", timeout=30_000)
    expect(page.locator("#stale")).to_be_hidden()
    screen.context.close()
    house.kill()


def test_an_act_that_cant_be_sent_is_said_and_keeps_what_was_typed(desk: Desk, people: People) -> None:
    screen = desk("front_desk")
    page = screen.opens(people.path("/intake/today?open={session of Jonah Pike}"))
    page.get_by_label("Name", exact=True).fill("Somebody else")
    screen.loses_its_line()
    page.route("**/transport", lambda route: route.abort())
    page.get_by_role("button", name="Save way home").click()

    expect(page.locator("#stale")).to_contain_text("Nothing was saved; what you typed is kept here")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Somebody else")


def test_an_idle_page_is_hidden_and_unlocks_after_a_new_sign_in_with_what_was_typed(desk: Desk, people: People) -> None:
    screen = desk("front_desk")
    page = screen.opens(people.path("/intake/today?open={session of Jonah Pike}"))
    page.get_by_label("Name", exact=True).fill("Typed before the pause")
    is_left_alone(page)

    expect(page.get_by_text("Noor Haddad")).to_be_hidden()

    _signs_in_beside(screen, "front_desk")
    expect(page.get_by_role("dialog", name="Locked")).to_be_hidden(timeout=15_000)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed before the pause")


def test_another_persons_sign_in_reloads_the_locked_page(desk: Desk, people: People) -> None:
    screen = desk("front_desk")
    page = screen.opens(people.path("/intake/today?open={session of Jonah Pike}"))
    page.get_by_label("Name", exact=True).fill("Nobody else’s business")
    is_left_alone(page)

    _signs_in_beside(screen, "nurse")
    expect(page.locator(".person")).to_contain_text("Osei", timeout=15_000)
    expect(page.get_by_role("dialog", name="Locked")).to_be_hidden()
    expect(page.get_by_label("Name", exact=True)).not_to_have_value("Nobody else’s business")


def test_paper_has_the_day_and_no_buttons(desk: Desk) -> None:
    page = desk("front_desk").opens("/intake/today")
    page.emulate_media(media="print")

    for gone in (".demo-banner button", "header.top", ".row-act", "#live", ".tools"):
        assert not [one for one in page.locator(gone).all() if one.is_visible()], gone
    expect(page.locator(".print-foot")).to_contain_text("Riverside")
    expect(page.get_by_text("Noor Haddad")).to_be_visible()


def _signs_in_beside(screen: Screen, role: str) -> None:
    with screen.context.expect_page() as opened:
        screen.page.get_by_role("dialog").get_by_role("link", name="Sign in again").click()
    beside = opened.value
    beside.check(f"input[name=role][value={role}]")
    beside.check("input[name=site_id][value=riverside]")
    beside.get_by_role("button", name="Sign in").click()
    beside.wait_for_url(lambda url: "/intake/sign-in" not in url)
    beside.close()
