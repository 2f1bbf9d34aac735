"""What the item about suicide sets in motion, and how people end it."""

from datetime import timedelta
from typing import Any

import pytest

from services.maintenance.store.tables import PageRow
from shared.contracts.booster_due import BoosterReason
from shared.contracts.journal_submitted import WindowPosition
from tests.component.maintenance.conftest import Someone, phq9
from tests.support.house import House


def test_item_9_at_1_asks_for_a_review_within_24_hours(someone: Someone) -> None:
    someone.responds()
    answer = someone.scores(6, item_9=1)
    assert answer["crisis_lines"] == []
    (review,) = [item for item in someone.escalations() if item["kind"] == "suicide-risk-review"]
    assert (review["state"], review["due_at"], review["on_call"]) == ("open", "2026-03-03T16:00:00Z", None)
    assert someone.plan()["state"] == "active"


@pytest.mark.parametrize("item_9", [2, 3])
def test_item_9_from_2_holds_and_calls_within_15_minutes(someone: Someone, item_9: int) -> None:
    someone.responds()
    body = someone.form(phq9(6, item_9=item_9))
    answer = someone.portal().post("/assessments", body, expect=201).get_json()
    assert [line["contact"] for line in answer["crisis_lines"]] == ["555-0100", "text HELLO to 555-0101"]
    assert "fictional" in answer["crisis_lines"][0]["name"]
    (risk,) = someone.risks()
    assert (risk["state"], risk["due_at"]) == ("open", "2026-03-02T16:15:00Z")
    plan = someone.plan()
    assert (plan["state"], plan["rule"]) == ("hold", 1)
    assert plan["crisis_lines"] == answer["crisis_lines"]


def test_item_9_at_0_sets_nothing_in_motion(someone: Someone) -> None:
    someone.responds()
    someone.scores(6)
    assert someone.escalations() == []
    assert someone.plan()["state"] == "active"


def test_a_hold_is_published_at_once_and_only_its_state(someone: Someone, house: House) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    house.run_workers()
    (event,) = someone.published()
    assert (event.state.value, event.reason, event.cycle) == ("held", BoosterReason.ON_HOLD, 1)
    someone.scores(6, item_9=3)
    house.run_workers()
    assert len(someone.published()) == 1, "a second risk says nothing new to the desk"


def test_a_hold_without_a_cycle_is_not_published(someone: Someone, house: House) -> None:
    someone.scores(20, item_9=2)
    house.advance(timedelta(days=1))
    assert someone.plan()["state"] == "hold"
    assert someone.published() == []


def test_a_hold_ends_only_when_a_person_resolves_it(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=30))
    someone.scores(6, item_9=2)
    (risk,) = someone.risks()
    someone.scores(2)
    someone.staff().post(f"/escalations/{risk['escalation_id']}/acknowledgements", expect=200)
    house.advance(timedelta(days=2))
    assert someone.plan()["state"] == "hold"
    resolved = someone.resolves(risk["escalation_id"])
    assert resolved["state"] == "resolved"
    plan = someone.plan()
    assert (plan["state"], plan["interval_days"], plan["due_on"]) == ("active", 42, "2026-04-13")
    assert plan["crisis_lines"] == []
    house.run_workers()
    assert someone.said() == [(1, "due", 1), (1, "held", 2), (1, "due", 3)]


def test_a_booster_given_during_a_hold_waits_for_its_ladder(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=42))
    someone.scores(4, item_9=2)
    someone.boosted(cycle=1)
    assert (someone.plan()["state"], someone.plan()["cycle"]) == ("hold", 2)
    someone.resolves(someone.risks()[0]["escalation_id"])
    plan = someone.plan()
    assert (plan["rule"], plan["interval_days"]) == (5, 42)


def test_unacknowledged_for_15_minutes_the_next_on_call_is_called(someone: Someone, house: House) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    assert someone.risks()[0]["on_call"] == "prescriber-on-call"
    house.advance(timedelta(minutes=15) - timedelta(seconds=1))
    assert (someone.risks()[0]["on_call"], someone.risks()[0]["overdue"]) == ("prescriber-on-call", False)
    house.advance(timedelta(seconds=1))
    assert (someone.risks()[0]["on_call"], someone.risks()[0]["overdue"]) == ("second-prescriber-on-call", True)
    house.advance(timedelta(minutes=15))
    assert someone.risks()[0]["on_call"] == "medical-director"
    assert someone.risks()[0]["next_call_at"] is None


@pytest.mark.parametrize("way", ["in steps", "in one jump"])
def test_each_on_call_is_called_once_whatever_the_clock_does(someone: Someone, house: House, way: str) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    if way == "in steps":
        house.step_to(house.clock.at + timedelta(days=28))
    else:
        house.advance(timedelta(days=28))
    with house.service("maintenance").unit_of_work() as uow:
        called = [row.on_call for row in uow.session.query(PageRow).order_by(PageRow.place)]
    assert called == ["prescriber-on-call", "second-prescriber-on-call", "medical-director"]


def test_an_acknowledged_escalation_calls_nobody_further(someone: Someone, house: House) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    path = f"/escalations/{someone.risks()[0]['escalation_id']}/acknowledgements"
    body = someone.staff(subject="dr-reyes").post(path, expect=200).get_json()
    assert (body["state"], body["acknowledged_by"], body["acknowledged_at"]) == (
        "acknowledged",
        "dr-reyes",
        "2026-03-02T16:00:00Z",
    )
    house.advance(timedelta(hours=1))
    assert (someone.risks()[0]["on_call"], someone.risks()[0]["overdue"]) == ("prescriber-on-call", False)


def test_acts_out_of_turn_are_refused(someone: Someone) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    path = f"/escalations/{someone.risks()[0]['escalation_id']}"
    someone.staff().post(f"{path}/acknowledgements", expect=200)
    again = someone.staff().post(f"{path}/acknowledgements", expect=409).get_json()
    assert again["type"] == "urn:afterglow:problem:wrong-state"
    someone.staff().post(f"{path}/resolutions", {"note": "we spoke, safety plan renewed"}, expect=200)
    someone.staff().post(f"{path}/resolutions", expect=409)
    someone.staff().post(f"{path}/acknowledgements", expect=409)


def test_a_qids_answer_about_suicide_calls_people_too_without_a_hold(someone: Someone) -> None:
    someone.responds()
    answers = [0] * 16
    answers[11] = 2
    body = someone.form(answers, instrument="qids-sr16")
    answer = someone.portal().post("/assessments", body, expect=201).get_json()
    assert answer["crisis_lines"] != []
    assert len(someone.risks()) == 1
    assert someone.plan()["state"] == "active"


def test_escalations_are_listed_by_state_and_site(someone: Someone, newcomer: Any) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    other = newcomer(site_id="lakeview")
    other.responds()
    other.scores(6, item_9=2)
    assert len(someone.risks()) == 1
    assert someone.escalations(state="resolved") == []
    assert [item["state"] for item in someone.escalations(state="open")] == ["open"]
    both = someone.staff("prescriber", "riverside", "lakeview")
    assert {item["site_id"] for item in both.get("/escalations").get_json()["items"]} == {"riverside", "lakeview"}
    narrowed = both.get("/escalations?site_id=lakeview").get_json()["items"]
    assert {item["site_id"] for item in narrowed} == {"lakeview"}
    someone.staff().get("/escalations?site_id=lakeview", expect=404)
    someone.staff().get("/escalations?state=closed", expect=422)


def test_another_sites_escalation_is_not_found(someone: Someone, house: House) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    path = f"/escalations/{someone.risks()[0]['escalation_id']}"
    foreign = house.client("maintenance", role="prescriber", sites=["lakeview"])
    foreign.post(f"{path}/acknowledgements", expect=404)
    foreign.post(f"{path}/resolutions", expect=404)
    assert someone.risks()[0]["state"] == "open"


@pytest.mark.parametrize("role", ["front_desk", "nurse", "therapist", "operations", "privacy_officer"])
def test_only_prescribers_and_the_medical_director_act_on_escalations(
    someone: Someone, role: str, a_stranger: Any
) -> None:
    for path in (f"/escalations/{a_stranger}/acknowledgements", f"/escalations/{a_stranger}/resolutions"):
        someone.staff(role).post(path, expect=403)
    someone.staff(role).get("/escalations", expect=403)


def test_a_wish_to_talk_raises_an_escalation_even_before_the_session_is_known(someone: Someone) -> None:
    journal = someone.journal(contact_requested=True)
    someone.hears(journal, journal)
    (asked,) = someone.escalations()
    assert (asked["kind"], asked["due_at"]) == ("contact-requested", "2026-03-03T15:00:00Z")
    someone.hears(someone.journal())
    assert someone.plan()["journals"]["in_window"] == 2, "the repeated one stands in nobody's way"
    assert someone.plan()["state"] == "induction"


def test_journals_are_counted_by_window_position_whenever_they_come(someone: Someone) -> None:
    session = someone.session()
    early = someone.journal(session_id=session.session_id, window_position=WindowPosition.EARLY)
    inside = someone.journal(session_id=session.session_id)
    someone.hears(early, inside, inside)
    someone.hears(session)
    someone.hears(someone.journal(session_id=session.session_id))
    assert someone.plan()["journals"] == {"early": 1, "in_window": 2, "late": 0}
    assert someone.plan()["interval_days"] is None, "journals inform, they never set an interval"


def test_boards_are_audited_once_a_day_and_acts_each_time(someone: Someone, house: House) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    for _ in range(3):
        someone.risks()
    assert someone.boards_opened("escalations-opened") == 1
    someone.resolves(someone.risks()[0]["escalation_id"])
    actions = [entry["action"] for entry in someone.audit()]
    assert actions.count("escalation-raised") == 1
    assert "escalation-resolved" in actions
