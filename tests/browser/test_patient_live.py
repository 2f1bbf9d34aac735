"""A patient's page while others act: each part follows its own service, and nobody's work on it is disturbed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.e2e.running import RunningHouse
from tests.support.browser import Screen
from tests.support.morning import Resume
from tests.support.views import People, settled

# a busy machine is slow to draw; how soon is measured elsewhere
_LATE_MS = 20_000
_STALE = re.compile(r"Stale since \d\d:\d\d")


@pytest.fixture(scope="module")
def lived_in(a_morning: Resume, tmp_path_factory: pytest.TempPathFactory) -> RunningHouse:
    """A morning of this file's own, since it is acted on."""
    return a_morning(tmp_path_factory.mktemp("patient-live"))


def test_what_another_desk_charts_and_changes_stands_on_the_patients_open_page(
    lived_in: RunningHouse, desk: Desk
) -> None:
    people = People(lived_in)
    reader = _at_the_page(desk("nurse", house=lived_in), people, "Ben Whitfield")
    expect(reader.locator("#live")).to_contain_text("Live")
    # the newest stands first, and the oldest may give way to it
    newest = reader.locator("#merged li", has_text="Suicide-risk check").first
    before = newest.inner_text()

    there = desk("nurse", house=lived_in)
    there.opens(people.path("/discharge/recovery?open={session of Ben Whitfield}"))
    there.page.locator("details[id^=settle-check] > summary").first.click()
    there.page.locator("input[name=outcome][value=no-concern]").first.check(force=True)
    there.page.get_by_role("button", name="Record the check").first.click()
    expect(there.page.locator(".bar.ok")).to_contain_text("check is recorded")
    expect(newest).not_to_have_text(before, timeout=_LATE_MS, use_inner_text=True)

    there.opens(people.path("/intake/booking/patients/{patient of Ben Whitfield}"))
    before = reader.locator("#beside-chart").inner_text()
    there.page.get_by_label("Starts").fill("2026-12-14T09:00")
    there.page.get_by_role("button", name="Book", exact=True).click()
    expect(there.page.locator(".bar.ok")).to_contain_text("Booked")
    expect(reader.locator("#beside-chart")).not_to_have_text(before, timeout=_LATE_MS)
    expect(reader.locator("#alerts")).not_to_be_empty()


def test_a_half_filled_form_its_focus_and_open_panels_survive_what_a_colleague_records(
    lived_in: RunningHouse, desk: Desk
) -> None:
    people = People(lived_in)
    reader = _at_the_page(desk("prescriber", house=lived_in), people, "Priya Raman")
    reader.locator("#plan summary", has_text="Override the interval").click()
    reader.get_by_label("Reason").fill("Half a rea")
    reader.get_by_label("Days between boosters").focus()
    reader.locator("#trend summary", has_text="As a table").click()
    reader.get_by_label("Days between boosters").focus()
    scrolled = reader.evaluate("scrollY")

    there = _at_the_page(desk("nurse", house=lived_in), people, "Priya Raman")
    _answers_phq9(there)
    expect(there.locator("#trend .bar")).to_contain_text("is recorded", timeout=_LATE_MS)
    rows = there.locator("#trend tbody tr").count()

    expect(reader.locator("#trend tbody tr")).to_have_count(rows, timeout=_LATE_MS)
    expect(reader.locator("#trend table")).to_be_visible()
    expect(reader.get_by_label("Reason")).to_have_value("Half a rea")
    expect(reader.get_by_label("Days between boosters")).to_be_focused()
    assert reader.evaluate("scrollY") == scrolled


def test_a_form_that_would_lose_its_place_stays_and_the_page_says_that_something_changed(
    lived_in: RunningHouse, desk: Desk
) -> None:
    people = People(lived_in)
    reader = _at_the_page(desk("nurse", house=lived_in), people, "Elif Demir")
    reader.locator("#trend").get_by_role("link", name="PHQ-9").click()
    reader.locator("#trend input[name=item_1][value='1']").check(force=True)

    _answers_phq9(_at_the_page(desk("nurse", house=lived_in), people, "Elif Demir"))

    expect(reader.locator("#stale")).to_contain_text("was changed elsewhere", timeout=_LATE_MS)
    assert reader.locator("#trend .segments input:checked").count() == 1


def test_a_service_that_stops_answering_is_said_with_its_time_and_its_parts_come_back(
    morning: RunningHouse, desk: Desk
) -> None:
    screen = desk("nurse")
    page = _at_the_page(screen, People(morning), "Ben Whitfield")
    screen.loses_its_line()
    page.route("**/integration/written?**", lambda route: route.abort())
    expect(page.locator("#live")).to_contain_text(_STALE, timeout=_LATE_MS)
    expect(page.locator("#restriction .fact")).to_be_visible()

    page.unroute("**/integration/written?**")
    expect(page.locator("#live .words")).to_have_text("Live", timeout=_LATE_MS)
    expect(page.locator("#stale")).to_be_hidden()


def _at_the_page(screen: Screen, people: People, name: str) -> Page:
    page = screen.opens(people.path(f"/intake/patients/{{patient of {name}}}"))
    settled(page)
    return page


def _answers_phq9(page: Page) -> None:
    page.locator("#trend").get_by_role("link", name="PHQ-9").click()
    for item in range(1, 10):
        page.locator(f"#trend input[name=item_{item}][value='0']").check(force=True)
    page.get_by_role("button", name="Score and keep").click()
