"""The boosters to call as a page, without script: whom to call, what each form does, what is refused and how."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.pages.boosters import draw
from shared.contracts.booster_due import BoosterReason, BoosterState
from shared.web.pages.live import Viewer
from tests.component.intake.conftest import Clinic
from tests.support.desk import Desk, Page

TODAY = date(2026, 3, 2)
PAGE = "/intake/boosters"


def a_booster(clinic: Clinic, *, overdue: int = 10, **changes: Any) -> dict[str, Any]:
    course = clinic.course()
    clinic.hears(clinic.due(course, due_on=TODAY - timedelta(days=overdue), **changes))
    return next(item for item in clinic.boosters() if item["patient_id"] == course["patient_id"])


def desk(clinic: Clinic, role: str = "front_desk", **more: Any) -> Desk:
    return Desk(clinic.house, "intake", role=role, **more)


def opened(at: Desk, booster: dict[str, Any], **query: str) -> Page:
    return at.opens(PAGE, query_string={"open": booster["booster_id"], **query})


def saves(at: Desk, booster: dict[str, Any], *, expect: int = 303, **typed: str) -> Page:
    page = opened(at, booster)
    fields = {"version": page.value_of("version") or "", "once": page.value_of("once") or "", **typed}
    return at.sends(f"{PAGE}/{booster['booster_id']}/outcomes", fields, expect=expect)


def test_the_list_says_whom_to_call_and_what_happened_last(clinic: Clinic) -> None:
    late, soon = a_booster(clinic, overdue=41), a_booster(clinic, overdue=-3)
    words = desk(clinic).opens(PAGE).words
    assert "2 on the list , most urgent first" in words
    assert words.index("Over 30 days overdue 1") < words.index("Due within 14 days 1")
    assert f"{late['name']} {late['record_number']}" in words
    assert f"{late['phone']} 41 days overdue Tue 20 Jan Booster 1 Ketamine IV none Nobody has called yet" in words
    assert f"{soon['phone']} Due in 3 days Thu 5 Mar" in words


def test_nobody_to_call_is_said_in_words(clinic: Clinic) -> None:
    words = desk(clinic).opens(PAGE).words
    assert "Nobody to call today. Patients whose booster is due within 14 days appear here." in words


def test_on_hold_has_no_phone_and_no_buttons_and_never_why(clinic: Clinic) -> None:
    held = a_booster(clinic, state=BoosterState.HELD, reason=BoosterReason.ON_HOLD)
    page = desk(clinic).opens(PAGE)
    assert "Don’t call: clinician in contact since Mon 2 Mar On hold" in page.words
    assert "tel:" not in page.html
    assert not [form for form in page.forms() if held["booster_id"] in form]
    assert "Outcome of call" not in opened(desk(clinic), held).words
    desk(clinic).sends(f"{PAGE}/{held['booster_id']}/calling", expect=409)


def test_a_call_without_answer_is_saved_and_can_be_undone_from_the_list(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    assert f"Outcome of call 1 to {booster['name']}" in opened(at, booster).words
    saved = saves(at, booster, outcome="no-answer", note="Try the mobile")
    page = at.opens(saved.leads_to)
    assert f"{booster['name']}: the outcome is saved. Undo" in page.words
    assert "1 call No answer Mon 2 Mar, Test front_desk Call again Wed 4 Mar" in page.words
    assert "“Try the mobile”" in opened(at, booster).words
    at.opens(at.sends(f"{PAGE}/{booster['booster_id']}/undo").leads_to)
    page = opened(at, booster)
    assert "Nobody has called yet" in page.words
    assert "(taken back)" in page.words


def test_undo_isnt_offered_when_it_is_too_late(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    saved = saves(at, booster, outcome="no-answer")
    clinic.moves_on(minutes=11)
    assert "is saved. Undo" not in at.opens(saved.leads_to).words
    refused = at.sends(f"{PAGE}/{booster['booster_id']}/undo", expect=409)
    assert "It is more than 10 minutes ago: record another outcome instead." in refused.words


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({}, "outcome", "Choose what came of the call."),
        ({"outcome": "call-back-later"}, "call_back_on", "Choose the day."),
        ({"outcome": "call-back-later", "call_back_on": "2026-03-03"}, "call_back_clock", "Type the time."),
        (
            {"outcome": "call-back-later", "call_back_on": "2026-03-03", "call_back_clock": "25:00"},
            "call_back_clock",
            "Must be a time such as 14:05.",
        ),
        (
            {"outcome": "call-back-later", "call_back_on": "2026-03-02", "call_back_clock": "09:59"},
            "call_back_clock",
            "Must lie ahead.",
        ),
        ({"outcome": "not-now", "leaving_reason": "died"}, "decline_reason", "Choose the reason."),
        ({"outcome": "no-longer-patient", "decline_reason": "cost"}, "leaving_reason", "Choose the reason."),
        ({"outcome": "wrong-number", "phone": "none"}, "phone", "Must be a phone number of 5 to 20 digits."),
    ],
)
def test_a_refused_outcome_names_its_field_and_keeps_what_was_typed(
    clinic: Clinic, typed: dict[str, str], field: str, message: str
) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    page = saves(at, booster, expect=422, note="speaks Spanish", **typed)
    typed = dict(typed)
    assert f'href="#{field}"' in page.html
    assert f'id="{field}-error"' in page.html
    assert f'id="{field}"' in page.html
    assert message in page.words
    assert "speaks Spanish" in page.words
    if outcome := typed.pop("outcome", None):
        assert f'name="outcome" value="{outcome}" required checked' in page.html
    for name, value in typed.items():
        assert page.value_of(name) == value


def test_a_call_back_is_at_the_sites_wall_clock(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    typed: dict[str, Any] = {"call_back_on": "2026-03-02", "call_back_clock": "16:00", "call_back_reason": "at-work"}
    page = at.opens(saves(at, booster, outcome="call-back-later", **typed).leads_to)
    assert "Asked for a call after 16:00 today" in page.words
    assert clinic.boosters()[0]["last_call"]["call_from"] == "2026-03-02T21:00:00Z"
    clinic.moves_on(hours=6)
    assert "Call now" in at.opens(PAGE).words


def test_booked_opens_the_booking_of_this_patient(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    saved = saves(at, booster, outcome="booked")
    assert saved.leads_to == f"/intake/booking/patients/{booster['patient_id']}"
    at.opens(saved.leads_to)


def test_the_second_of_two_callers_sees_what_the_first_did_and_keeps_what_they_typed(clinic: Clinic) -> None:
    booster, first = a_booster(clinic), desk(clinic)
    second = desk(clinic, subject="the other desk")
    form = opened(second, booster)
    saves(first, booster, outcome="left-message")
    fields = {"version": form.value_of("version") or "", "outcome": "no-answer", "note": "rang for a minute"}
    page = second.sends(f"{PAGE}/{booster['booster_id']}/outcomes", fields, expect=412)
    assert "Somebody changed this while you typed." in page.words
    assert "Left a message" in page.words
    assert "rang for a minute" in page.words
    assert clinic.boosters()[0]["calls"] == 1


def test_others_see_who_is_calling_for_five_minutes(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    opens = at.sends(f"{PAGE}/{booster['booster_id']}/calling")
    assert f"open={booster['booster_id']}" in opens.leads_to
    other = desk(clinic, "nurse")
    assert "Test front_desk is calling, since 10:00" in other.opens(PAGE).words
    clinic.moves_on(minutes=5)
    assert "is calling" in other.opens(PAGE).words
    other.sends(f"{PAGE}/{booster['booster_id']}/calling")
    assert "Test front_desk is calling" in other.opens(PAGE).words
    clinic.moves_on(seconds=1)
    assert "is calling" not in other.opens(PAGE).words
    assert "Outcome of call 1" in opened(other, booster).words


def test_one_person_calls_one_patient_at_a_time(clinic: Clinic) -> None:
    at, both = desk(clinic), [a_booster(clinic), a_booster(clinic)]
    for booster in both:
        at.sends(f"{PAGE}/{booster['booster_id']}/calling")
    assert at.opens(PAGE).words.count("is calling") == 1


def test_a_snooze_asks_day_and_reason_and_can_be_ended(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    path = f"{PAGE}/{booster['booster_id']}"
    form = opened(at, booster, **{"as": "snooze"})
    version = {"version": form.value_of("version") or ""}
    assert "Choose the day." in at.sends(f"{path}/snooze", version, expect=422).words
    refused = at.sends(f"{path}/snooze", version | {"until": "2026-03-02", "reason": "travelling"}, expect=422)
    assert "Choose a day after today." in refused.words
    assert refused.value_of("reason") == "travelling"
    page = at.opens(at.sends(f"{path}/snooze", version | {"until": "2026-03-09", "reason": "travelling"}).leads_to)
    assert "is snoozed. Undo" in page.words
    assert "Travelling Mon 2 Mar, Test front_desk Back on the list Mon 9 Mar Bring back" in page.words
    assert "Record outcome" not in page.words
    assert "is back on the list." in at.opens(at.sends(f"{path}/bring-back").leads_to).words


def test_who_declines_is_told_to_the_prescriber_on_this_page(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    saves(at, booster, outcome="not-now", decline_reason="cost")
    words = at.opens(PAGE).words
    assert "Does not want it now Mon 2 Mar, Test front_desk The prescriber is told What was said" in words
    assert "Asked of a clinician" not in words
    assert "For a prescriber" in desk(clinic, "nurse").opens(PAGE).words
    prescriber = desk(clinic, "prescriber")
    page = prescriber.opens(PAGE)
    assert "Does not want it now: cost or insurance Test front_desk, 10:00" in page.words
    (answers,) = (form for form in page.forms() if form.endswith("/answers"))
    desk(clinic, "nurse").sends(answers, {"answer": "call-again"}, expect=403)
    done = prescriber.opens(prescriber.sends(answers, {"answer": "call-again"}).leads_to)
    assert "Test prescriber, Mon 2 Mar: call again" in done.words
    assert "Nothing is asked." in done.words


def test_filters_narrow_the_list_and_are_kept_by_what_is_done(clinic: Clinic) -> None:
    called, other = a_booster(clinic), a_booster(clinic, overdue=3)
    at = desk(clinic)
    saves(at, called, outcome="no-answer")
    page = at.opens(f"{PAGE}?outcome=no-answer&calls=1&product=ketamine-iv")
    assert called["name"] in page.words
    assert other["phone"] not in page.words
    assert page.value_of("outcome") == "no-answer"
    assert any("outcome=no-answer" in form for form in page.forms())
    assert other["phone"] in at.opens(f"{PAGE}?outcome=nobody-called").words
    assert called["phone"] not in at.opens(f"{PAGE}?show=overdue-1").words
    assert called["phone"] in at.opens(f"{PAGE}?show=nonsense&calls=many").words
    # a row that the filters leave out still opens
    assert f"Outcome of call 2 to {called['name']}" in opened(at, called, outcome="nobody-called").words


def test_of_many_due_soon_the_first_stand_and_all_are_a_link_away(clinic: Clinic) -> None:
    for ahead in range(1, 8):
        a_booster(clinic, overdue=-ahead)
    words = desk(clinic).opens(PAGE).words
    assert "Due within 14 days 7, first 5 shown. Show all" in words
    assert words.count("Record outcome") == 5
    assert desk(clinic).opens(f"{PAGE}?show=due-soon").words.count("Record outcome") == 7


def test_operations_sees_how_many_and_nobody(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    page = desk(clinic, "operations").opens(PAGE)
    assert "1 8 to 30 days" in page.words
    assert "1 on the list" in page.words
    for secret in (booster["name"], booster["phone"], booster["booster_id"], booster["patient_id"]):
        assert secret not in page.html
        assert secret not in opened(desk(clinic, "operations"), booster).html.replace(
            f"open={booster['booster_id']}", ""
        )
    told = desk(clinic, "operations").opens(f"{PAGE}?done=back&of={booster['booster_id']}")
    assert booster["name"] not in told.words
    desk(clinic, "operations").sends(f"{PAGE}/{booster['booster_id']}/calling", expect=403)


def test_another_site_sees_and_changes_nothing(clinic: Clinic) -> None:
    booster, stranger = a_booster(clinic), desk(clinic, sites=("harbor",))
    assert booster["name"] not in stranger.opens(PAGE).words
    stranger.opens(f"{PAGE}?open={booster['booster_id']}", expect=404)
    for act in ("calling", "outcomes", "undo", "snooze", "bring-back"):
        stranger.sends(f"{PAGE}/{booster['booster_id']}/{act}", expect=404)


def test_a_form_that_isnt_ours_changes_nothing(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    at.sends(f"{PAGE}/{booster['booster_id']}/outcomes", {"outcome": "no-answer"}, expect=403, proof=False)
    assert clinic.boosters()[0]["calls"] == 0


def test_opening_a_row_is_audited_and_the_list_once_a_day(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic, "nurse")
    before = clinic.audited("boosters-opened")
    at.opens(PAGE)
    at.opens(PAGE)
    opened(at, booster)
    assert clinic.audited("boosters-opened") == before + 1
    assert ("read", "booster-calls-read") in clinic.audit(booster["patient_id"])


def test_what_is_pushed_is_what_the_page_shows_and_holds_no_secret(clinic: Clinic) -> None:
    booster, at = a_booster(clinic), desk(clinic)
    page = at.opens(PAGE)
    running = clinic.house.service("intake")
    viewer = Viewer("riverside", frozenset({"front_desk"}))
    with running.app.app_context(), running.unit_of_work() as uow:
        board = draw(uow, viewer, clinic.house.clock.at)
    row = board.parts[f"row-{booster['booster_id']}"]
    assert 'name="csrf_token" value=""' in row
    assert row.split('name="csrf_token"')[0] in page.html
    assert board.order["group-overdue-8"] == ("head-overdue-8", f"row-{booster['booster_id']}")
    # the forms in the rows go through without script
    assert 'name="csrf_token" value=""' not in page.html


def test_nothing_of_a_patient_is_pushed_to_operations(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    running = clinic.house.service("intake")
    with running.app.app_context(), running.unit_of_work() as uow:
        board = draw(uow, Viewer("riverside", frozenset({"operations"})), clinic.house.clock.at)
    pushed = str(board)
    assert not [secret for secret in (booster["name"], booster["phone"], booster["booster_id"]) if secret in pushed]
    assert set(board.parts) == {"counts", "on-list"}
