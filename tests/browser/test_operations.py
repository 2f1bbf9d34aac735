"""The Operations page in a browser: four services in one set of tables, each of which may fail alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import an_empty_house
from tests.e2e.running import RunningHouse
from tests.support.browser import Screen
from tests.support.held_back import hold


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house whose workers run, with lines held back in two services."""
    with an_empty_house(tmp_path_factory.mktemp("troubled")) as house:
        hold(house, "integration", "discharge-cleared", minutes=221)
        hold(house, "maintenance", "journal-submitted", minutes=8)
        yield house


@pytest.fixture
def screen(browser: Browser, troubled: RunningHouse) -> Iterator[Screen]:
    with Screen(browser, troubled.origin) as opened:
        opened.signs_in("operations")
        yield opened


def joined(page: Page, kind: str, service: str) -> str:
    return " ".join(page.locator(f'[data-joined="{kind}"][data-of="{service}"]').inner_text().split())


def operations(screen: Screen) -> Page:
    page = screen.opens("/intake/operations")
    page.locator('[data-joined="consumers"] tr').nth(5).wait_for()
    return page


def test_four_services_stand_in_one_page_with_the_worst_on_top(screen: Screen) -> None:
    page = operations(screen)
    assert "discharge-cleared to integration" in joined(page, "parked", "integration")
    assert "journal-submitted to maintenance" in joined(page, "parked", "maintenance")
    assert "given up on 1 patient’s line" in page.locator("#bus-problem").inner_text()
    assert "2" in page.locator("#count-parked").inner_text()
    assert not page.locator("#bus-sources > section:not(.merged)").count()


def test_who_waits_longest_stands_first_whichever_service_holds_them_back(
    screen: Screen, troubled: RunningHouse
) -> None:
    hold(troubled, "discharge", "session-completed", minutes=90)
    page = operations(screen)
    page.locator('[data-joined="parked"][data-of="discharge"]').wait_for()
    lines = page.locator('[data-joined="parked"]')
    assert [line.get_attribute("data-of") for line in lines.all()] == ["integration", "discharge", "maintenance"]
    page.locator('[data-of="discharge"]').get_by_role("button", name="Retry").click()
    page.get_by_text("It is tried again at once.").wait_for()
    page.locator('[data-joined="parked"][data-of="discharge"]').wait_for(state="detached")


def test_what_somebody_types_into_a_discard_outlives_the_next_measures(screen: Screen) -> None:
    page = operations(screen)
    page.locator('[data-of="integration"] details.discards > summary').click()
    reason = page.locator('[data-of="integration"] input[name="reason"]')
    reason.fill("ticket 311")
    with page.expect_response(lambda answer: answer.url.endswith("/integration/bus")):
        pass
    page.wait_for_timeout(1500)
    assert reason.is_visible()
    assert reason.input_value() == "ticket 311"


def test_a_service_that_is_away_is_named_and_the_others_stay(screen: Screen) -> None:
    page = operations(screen)
    screen.may_be_refused(503)
    page.route("**/maintenance/bus", lambda route: route.fulfill(status=503, body="away"))
    away = page.locator("#bus-maintenance .degraded")
    away.wait_for()
    page.wait_for_timeout(1500)
    assert "Maintenance can’t be reached right now" in away.inner_text()
    assert joined(page, "consumers", "maintenance") == ""
    assert "Keeping up" in joined(page, "consumers", "discharge")
    assert "Without maintenance" in page.locator("#fresh").inner_text()
    # no number counts what isn't known
    assert page.locator("[id^=count-] dt", has_text="without maintenance").count() == 5
    page.unroute("**/maintenance/bus")
    page.locator('[data-joined="consumers"][data-of="maintenance"] tr').first.wait_for()


def test_a_line_is_retried_and_another_discarded_by_hand(screen: Screen, troubled: RunningHouse) -> None:
    page = operations(screen)
    page.locator('[data-of="maintenance"]').get_by_role("button", name="Retry").click()
    page.get_by_text("It is tried again at once.").wait_for()
    page.locator('[data-of="integration"] details.discards > summary').click()
    page.locator('[data-of="integration"] input[name="reason"]').fill("ticket 311")
    page.get_by_role("button", name="Discard event").click()
    page.get_by_text("It is given up").wait_for()
    page.get_by_text("Nothing is parked. An event").wait_for()
    with troubled.client("operations", "riverside") as operator:
        [given_up] = operator.get("/integration/v1/discarded").json()["items"]
    assert given_up["reason"] == "ticket 311"
