"""The recovery board as a nurse works on it: what it shows, what it does, what it refuses and keeps."""

from datetime import timedelta
from typing import Any

import pytest

from services.discharge.deps import Deps
from services.discharge.pages.board import draw
from shared.kernel.people import Role
from shared.web.pages.live import Viewer
from tests.support.desk import Desk, Page

BOARD = "/discharge/recovery"


def desk(stay: Any, role: str = "nurse", *sites: str) -> Desk:
    return Desk(stay.house, "discharge", role=role, sites=sites or ("riverside",))


def opened(stay: Any, role: str = "nurse") -> Page:
    return desk(stay, role).opens(f"{BOARD}?open={stay.session_id}")


def path(stay: Any, act: str) -> str:
    return f"/discharge/recoveries/{stay.session_id}/{act}"


def version(page: Page, act: str) -> str:
    """What the form that leads to `act` was drawn with."""
    form = page.html.split(f'/{act}">')[1]
    return form.split('name="version" value="')[1].split('"')[0]


WELL = {
    "systolic_mmhg": "118",
    "diastolic_mmhg": "76",
    "heart_rate_bpm": "70",
    "spo2_percent": "98",
    "moaas": "5",
    "nausea_0_10": "0",
    "vomiting": "no",
    "oriented": "yes",
    "steady_gait": "",
    "aldrete.activity": "2",
    "aldrete.respiration": "2",
    "aldrete.circulation": "2",
    "aldrete.consciousness": "1",
    "aldrete.oxygen": "2",
}


def test_the_board_says_what_keeps_each_one_here(stay: Any) -> None:
    stay.move_to(25)
    said = desk(stay).opens(BOARD).words
    for words in ("1 In recovery", "Recovering 1", "Observation overdue", "1 h 35 min left", "25 min of 120 min"):
        assert words in said
    assert "none yet base 120/80" in said
    assert "4 more" in said


def test_an_empty_board_says_what_will_appear(house: Any) -> None:
    said = Desk(house, "discharge", role="nurse").opens(BOARD).words
    assert "Nobody is in recovery. Sessions started today appear here" in said


def test_a_quiet_board_and_a_pushed_one_are_the_same(stay: Any) -> None:
    """What the page shows at first is what the live line would have sent, each part whole."""
    html = desk(stay).opens(BOARD).html
    running = stay.house.service("discharge")
    viewer = Viewer("riverside", frozenset({Role.NURSE}), "all")
    with running.app.app_context(), running.unit_of_work() as uow:
        assert isinstance(running.deps, Deps)
        board = draw(uow, viewer, stay.house.clock.at)
    drawn = {"counts", "in-chairs", "nobody", *(name for names in board.order.values() for name in names)}
    assert f"row-{stay.session_id}" in drawn
    assert [name for name in sorted(drawn) if board.parts[name].strip() not in html] == []


def test_an_observation_is_charted_and_the_next_form_is_blank(stay: Any) -> None:
    stay.move_to(1)
    nurse = desk(stay)
    answer = nurse.sends(path(stay, "observations"), WELL | {"symptoms": "headache:1", "observed_at": "10:00"})
    [kept] = stay.staff().get(f"{stay.path}/observations").get_json()["items"]
    assert kept["systolic_mmhg"] == 118
    assert (kept["oriented"], kept["vomiting"], kept["steady_gait"]) == (True, False, None)
    assert kept["aldrete"]["consciousness"] == 1
    assert kept["symptoms"] == [{"code": "headache", "grade": 1}]
    assert kept["observed_at"] == stay.at(0).isoformat().replace("+00:00", "Z")
    page = nurse.opens(answer.leads_to)
    assert "Observation saved." in page.words
    assert page.value_of("systolic_mmhg") == ""
    assert page.value_of("moaas") == ""
    assert "118/76" in page.words


@pytest.mark.parametrize(("said", "kept"), [("", None), ("none", [])], ids=["not checked", "none of these"])
def test_symptoms_not_checked_are_not_symptoms_absent(stay: Any, said: str, kept: Any) -> None:
    desk(stay).sends(path(stay, "observations"), {"spo2_percent": "97", "symptoms": said})
    [charted] = stay.staff().get(f"{stay.path}/observations").get_json()["items"]
    assert charted["symptoms"] == kept


_ALDRETE = ("activity", "respiration", "circulation", "consciousness", "oxygen")
REFUSED = [
    ({"systolic_mmhg": "118"}, "diastolic_mmhg", "needs both components"),
    ({"systolic_mmhg": "eighty", "diastolic_mmhg": "60"}, "systolic_mmhg", "Not a whole number"),
    ({"spo2_percent": "101"}, "spo2_percent", "Must be 30 to 100."),
    ({"observed_at": "soon", "spo2_percent": "97"}, "observed_at", "Must be a time such as 14:05."),
    ({f"aldrete.{item}": "2" for item in _ALDRETE[1:]}, "aldrete.activity", "This is needed"),
    ({"symptoms": "headache:9"}, "symptoms", "Choose a grade"),
]


@pytest.mark.parametrize(("fields", "name", "message"), REFUSED, ids=[name for _, name, _ in REFUSED])
def test_a_refused_observation_keeps_what_was_typed(stay: Any, fields: Any, name: str, message: str) -> None:
    page = desk(stay).sends(path(stay, "observations"), fields | {"heart_rate_bpm": "71"}, expect=422)
    assert page.words.count(message) == 2  # in the summary and beside the field
    assert f'href="#{name}' in page.html
    assert page.value_of("heart_rate_bpm") == "71"
    assert stay.staff().get(f"{stay.path}/observations").get_json()["items"] == []


def test_none_of_these_beside_a_grade_says_two_things(stay: Any) -> None:
    fields = {"symptoms": ["none", "headache:2"]}
    page = desk(stay).sends(path(stay, "observations"), fields, expect=422)
    assert "Either none of these, or the grade of what there is." in page.words


def test_nothing_charted_is_refused(stay: Any) -> None:
    page = desk(stay).sends(path(stay, "observations"), {}, expect=422)
    assert "at least one value is needed" in page.words


def test_a_true_reading_past_a_limit_is_saved_and_holds(stay: Any) -> None:
    desk(stay).sends(path(stay, "observations"), {"systolic_mmhg": "171", "diastolic_mmhg": "102"})
    said = opened(stay).words
    assert "Escalated 1" in said
    assert "Pressure on hold" in said


def test_observations_of_two_desks_never_conflict(stay: Any) -> None:
    first, second = desk(stay), desk(stay)
    for each, rate in ((first, "70"), (second, "74")):
        each.opens(f"{BOARD}?open={stay.session_id}")
        each.sends(path(stay, "observations"), {"heart_rate_bpm": rate})
    assert len(stay.staff().get(f"{stay.path}/observations").get_json()["items"]) == 2


def test_an_observation_of_one_who_has_left_is_refused_and_kept_on_the_form(stay: Any) -> None:
    stay.is_released()
    page = desk(stay).sends(path(stay, "observations"), {"heart_rate_bpm": "77"}, expect=409)
    assert "already left" in page.words
    assert page.value_of("heart_rate_bpm") == "77"


def test_a_refused_release_stands_beside_its_reasons(stay: Any) -> None:
    page = opened(stay)
    assert 'aria-disabled="true"' in page.html
    assert "Not yet: 6 criteria are unmet. Earliest 12:00. Next: chart the observation." in page.words
    refused = desk(stay).sends(path(stay, "release"), expect=409)
    for words in ("120 min observation left.", "The suicide-risk check has not been done."):
        assert words in refused.words
    assert stay.recovery()["state"] == "recovering"


def test_release_asks_once_and_names_who_and_until_when(stay: Any) -> None:
    stay.meets_every_criterion()
    page = opened(stay)
    assert "Ready to leave 1" in page.words
    for words in ("with Robin Vale?", "until at least 07:00 tomorrow", "Test nurse, are named"):
        assert words in page.words
    assert 'aria-disabled="true"' not in page.html
    done = desk(stay).sends(path(stay, "release"), {"left_at": ""})
    assert stay.recovery()["state"] == "released"
    after = desk(stay).opens(done.leads_to)
    assert "Released. Left at 12:00; no driving until at least 07:00 tomorrow." in after.words
    assert path(stay, "aftercare") in after.html
    assert path(stay, "aftercare") in desk(stay).opens(f"{BOARD}?show=left").html


def test_a_release_at_a_time_ahead_keeps_the_time(stay: Any) -> None:
    stay.meets_every_criterion()
    page = desk(stay).sends(path(stay, "release"), {"left_at": "12:30"}, expect=422)
    assert page.value_of("left_at") == "12:30"


def test_leaving_against_advice_pages_a_clinician(stay: Any) -> None:
    desk(stay).sends(path(stay, "left-against-advice"), {"reason": "must fetch a child"})
    assert stay.recovery()["state"] == "left-against-advice"
    assert stay.tasks() == ["left-against-advice"]


def test_what_is_missing_is_settled_in_the_list(stay: Any) -> None:
    nurse, page = desk(stay), opened(stay)
    nurse.sends(
        path(stay, "transport"),
        {"version": version(page, "transport"), "kind": "escort", "name": "Robin Vale", "present": "no"},
    )
    nurse.sends(path(stay, "escort-here"))
    nurse.sends(
        path(stay, "instructions"),
        {"version": version(page, "instructions"), "patient_acknowledged": "yes", "escort_acknowledged": "yes"},
    )
    nurse.sends(
        path(stay, "suicide-risk-check"), {"version": version(page, "suicide-risk-check"), "outcome": "no-concern"}
    )
    recovery = stay.recovery()
    assert recovery["transport"]["name"] == "Robin Vale"
    assert (recovery["transport"]["present"], recovery["transport"]["identified_by"]) == (True, "Test nurse")
    assert recovery["instructions"] == {"patient_acknowledged": True, "escort_acknowledged": True}
    assert recovery["suicide_risk_check"]["outcome"] == "no-concern"


@pytest.mark.parametrize(
    ("act", "fields", "name"),
    [
        ("transport", {"kind": "escort", "name": "Sam Poe", "present": "no"}, "name"),
        ("instructions", {"patient_acknowledged": "yes", "escort_acknowledged": "no"}, "patient_acknowledged"),
        ("suicide-risk-check", {"outcome": "no-concern", "performed_at": "10:00"}, "performed_at"),
    ],
)
def test_a_stale_form_shows_what_the_other_did_and_keeps_the_typing(
    stay: Any, act: str, fields: dict[str, str], name: str
) -> None:
    drawn = version(opened(stay), act)
    stay.is_ready_to_go()
    page = desk(stay).sends(path(stay, act), fields | {"version": drawn}, expect=412)
    assert "Somebody changed this while you typed." in page.words
    assert page.value_of(name) == fields[name]
    assert "Robin Vale" in page.words
    fresh = version(page, act)
    desk(stay).sends(path(stay, act), fields | {"version": fresh})


def test_an_observation_elsewhere_makes_no_form_stale(stay: Any) -> None:
    drawn = version(opened(stay), "transport")
    stay.observe()
    desk(stay).sends(path(stay, "transport"), {"version": drawn, "kind": "contracted-ride", "present": "no"})
    assert stay.recovery()["transport"]["kind"] == "contracted-ride"


def test_nobody_is_marked_as_here_who_was_never_named(stay: Any) -> None:
    stay.staff().put(f"{stay.path}/transport", {"kind": None})
    page = desk(stay).sends(path(stay, "escort-here"), expect=409)
    assert "Nobody is named to take the patient home." in page.words


def test_an_emergency_stays_first_until_a_clinician_acknowledges(stay: Any, another: Any) -> None:
    stay.move_to(5)
    later = another().begins()
    body = {"symptoms": [{"code": "chest-pain", "grade": 1}]}
    later.staff().post(f"{later.path}/observations", body, expect=201)
    stay.observe(systolic_mmhg=170)
    html = desk(stay).opens(BOARD).html
    assert html.index(f"row-{later.session_id}") < html.index(f"row-{stay.session_id}")
    assert "acknowledgements" not in opened(later).html
    doctor = opened(later, "prescriber")
    assert path(later, "acknowledgements") in doctor.html
    desk(later, "prescriber").sends(path(later, "acknowledgements"), {"note": "seen, settled"})
    assert later.recovery()["open_emergencies"] == 0


def test_an_emergency_of_one_who_left_stays_on_the_board(stay: Any) -> None:
    stay.staff().post(f"{stay.path}/observations", {"spo2_percent": 85}, expect=201)
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    page = opened(stay, "medical_director")
    assert "Left against advice" in page.words
    desk(stay, "medical_director").sends(path(stay, "acknowledgements"), {})
    assert str(stay.session_id) not in desk(stay).opens(BOARD).html


@pytest.mark.parametrize(
    ("show", "minutes", "there"),
    [("due", -1, False), ("due", 21, True), ("blocked", 119, False), ("blocked", 120, True), ("ready", 120, False)],
)
def test_counts_filter_the_board(stay: Any, show: str, minutes: float, there: bool) -> None:
    stay.observe()
    stay.move_to(minutes)
    page = desk(stay).opens(f"{BOARD}?show={show}")
    assert (f"row-{stay.session_id}" in page.html) is there


def test_median_stay_is_of_those_who_left_today(stay: Any) -> None:
    assert "– Median stay" in desk(stay).opens(BOARD).words
    stay.is_released()
    assert "120 min Median stay" in desk(stay).opens(BOARD).words
    stay.house.clock.advance(timedelta(days=1))
    assert "– Median stay" in desk(stay).opens(BOARD).words


def test_operations_see_no_names_vitals_or_acts(stay: Any) -> None:
    stay.observe(systolic_mmhg=171)
    stay.is_ready_to_go()
    page = desk(stay, "operations").opens(BOARD)
    for hidden in ("171", "Robin Vale", "data-label-of", str(stay.patient_id), "Chart", "Suicide"):
        assert hidden not in page.html, hidden
    assert "On hold" in page.words
    desk(stay, "operations").opens(f"{BOARD}?open={stay.session_id}", expect=403)


def test_a_prescriber_releases_and_charts_nothing(stay: Any) -> None:
    page = opened(stay, "prescriber")
    assert "Save observation" not in page.words
    assert path(stay, "transport") not in page.forms()
    assert path(stay, "suicide-risk-check") in page.forms()
    assert path(stay, "left-against-advice") in page.forms()


def test_another_sites_sheet_is_not_there(stay: Any) -> None:
    desk(stay, "nurse", "lakeview").opens(f"{BOARD}?open={stay.session_id}", expect=404)


def test_opening_a_sheet_is_audited(stay: Any) -> None:
    opened(stay)
    officer = stay.house.client("discharge", role="privacy_officer")
    entries = officer.get(f"/audit?patient_id={stay.patient_id}").get_json()["items"]
    assert "recovery-read" in {entry["action"] for entry in entries}
