"""The Operations page: who is held back, since when, and what to do; every act also goes without script."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.intake.pages.operations import RUNBOOKS
from shared.contracts.registry import REGISTRY
from shared.operations import pages
from shared.operations.losses import loss
from shared.operations.problems import Runbook
from tests.component.operations.conftest import Held
from tests.support.desk import Desk
from tests.support.house import House

Hold = Callable[..., Held]


def test_a_held_back_line_is_shown_with_its_reason_age_and_tries(hold: Hold, desk: Desk) -> None:
    held = hold(seqs=(4, 5, 6), applied=3)
    page = desk.opens("/integration/bus")
    key = held.parked_id.split(".")[1]
    assert f"{key[:4]}…{key[-4:]}" in page.words
    assert "seq 4, 2 waiting" in page.words
    assert "10 of 10 Dead: retries are over" in page.words
    assert "no window opens, no prompt is sent" in page.words
    assert "Chair 1" not in page.html


@pytest.mark.parametrize(("lines", "said"), [(2, ""), (3, ""), (4, "not shown here: 1 of 4")])
def test_what_a_long_list_leaves_out_is_said(
    hold: Hold, desk: Desk, monkeypatch: pytest.MonkeyPatch, lines: int, said: str
) -> None:
    monkeypatch.setattr(pages, "_MOST_SHOWN", 3)
    held = [hold().parked_id for _ in range(lines)]
    page = desk.opens("/integration/bus")
    assert [each in page.words for each in held] == [n < 3 for n in range(lines)]
    assert page.words.count("not shown here") == (1 if said else 0)
    assert said in page.words


def test_an_event_that_was_tried_once_more_than_ten_times_says_how_often(hold: Hold, desk: Desk) -> None:
    for attempts, said in ((0, "not tried"), (1, "1 of 10"), (10, "10 of 10"), (11, "11 times")):
        hold(attempts=attempts)
        assert said in desk.opens("/integration/bus").words


def test_a_line_is_retried_by_a_plain_form(house: House, hold: Hold, desk: Desk) -> None:
    held = hold()
    path = f"/integration/bus/parked/{held.parked_id}/retry"
    assert desk.sends(path).leads_to == "/intake/operations?done=retried-later"  # its worker isn't heard of
    house.service("integration").worker.look_round()
    assert desk.sends(path).leads_to == "/intake/operations?done=retried"
    house.run_workers("integration")
    assert held.parked() == []


def test_an_event_is_discarded_by_a_plain_form_with_a_reason(hold: Hold, desk: Desk) -> None:
    held = hold()
    path = f"/integration/bus/parked/{held.parked_id}/discard"
    refused = desk.sends(path, {"reason": " "}, expect=422)
    assert "This is needed." in refused.words
    assert len(held.parked()) == 1
    assert desk.sends(path, {"reason": "ticket 311"}).leads_to == "/intake/operations?done=discarded"
    assert held.parked() == []
    again = desk.sends(path, {"reason": "ticket 311"}, expect=409)
    assert "has discarded this event before" in again.words


def test_a_gap_offers_what_is_missing_or_the_event_itself(hold: Hold, desk: Desk) -> None:
    held = hold(seqs=(17,), applied=15, state="gap", attempts=0)
    page = desk.opens("/integration/bus")
    assert "Event 16 has not arrived." in page.words
    assert "Give up event 16, or event 17" in page.words
    assert not [form for form in page.forms() if form.endswith("/retry")]
    desk.sends(f"/integration/bus/parked/{held.parked_id}/discard", {"reason": "ticket", "what": "missing"})
    held.house.run_workers("integration")
    assert held.parked() == []


def test_before_a_worker_has_measured_the_page_says_that_it_isnt_known(desk: Desk) -> None:
    page = desk.opens("/integration/bus")
    assert "Stale Never measured" in page.words
    assert "not known" in page.words
    assert "Nothing is parked here." in page.words


def test_the_joined_page_asks_each_service_and_links_to_each_without_script(house: House) -> None:
    page = Desk(house, "intake", role="operations").opens("/intake/operations")
    for service in ("intake", "discharge", "integration", "maintenance"):
        assert f'hx-get="/{service}/bus"' in page.html
        assert f'href="/{service}/bus"' in page.html


@pytest.mark.parametrize("runbook", Runbook)
def test_every_runbook_that_a_problem_names_can_be_read(house: House, runbook: Runbook) -> None:
    page = Desk(house, "intake", role="operations").opens(f"/intake/operations/runbooks/{runbook}")
    for part in ("Symptom", "What it means for patients", "Look", "Mend", "Afterwards"):
        assert part in page.words
    _, _, written = (RUNBOOKS / f"{runbook}.md").read_text().partition("\n")
    assert " ".join(written.split()) in page.words


def test_a_runbooks_command_stands_alone_so_that_it_can_be_copied(house: House) -> None:
    page = Desk(house, "intake", role="operations").opens("/intake/operations/runbooks/lag")
    assert '<code>afterglow events lag</code> <span class="quiet">every service' in page.html
    assert "<p>Nothing is lost and nothing is out of order: events wait in the log.</p>" in page.html


def test_there_is_no_runbook_that_nothing_leads_to(house: House) -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == set(Runbook)
    Desk(house, "intake", role="operations").opens("/intake/operations/runbooks/nonsense", expect=404)


def test_every_command_that_a_runbook_names_is_one_that_there_is(house: House) -> None:
    from services.console.events import events
    from services.console.parked import parked

    there = {f"events {name}" for name in events.commands} | {f"parked {name}" for name in parked.commands}
    named = {
        " ".join(rest.split()[:2])
        for path in Path(RUNBOOKS).glob("*.md")
        for rest in path.read_text().split("afterglow ")[1:]
        if rest.startswith(("events", "parked"))
    }
    assert named
    assert named <= there


def test_what_is_lost_is_said_for_every_consumer_of_every_topic() -> None:
    for contract in REGISTRY:
        for consumer in contract.consumers:
            assert loss(consumer, contract.topic)
