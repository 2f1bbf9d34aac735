"""What the desk sees of leaving: when and with whom, never why somebody stays."""

from typing import Any

import pytest

from tests.support.desk import Desk

LEAVING = "/discharge/leaving"


def desk(stay: Any, role: str = "front_desk", *sites: str) -> Desk:
    return Desk(stay.house, "discharge", role=role, sites=sites or ("riverside",))


def here(stay: Any) -> str:
    return f"{LEAVING}/{stay.session_id}/here"


@pytest.mark.parametrize(("minutes", "soon"), [(89, False), (90, True)], ids=["31 min before", "30 min before"])
def test_whoever_leaves_within_half_an_hour_stands_first(stay: Any, minutes: int, soon: bool) -> None:
    stay.move_to(minutes)
    page = desk(stay).opens(LEAVING)
    first, later = page.html.split('id="leaving-later"')
    assert (f'id="leaving-{stay.session_id}"' in first) is soon
    assert (f'id="leaving-{stay.session_id}"' in later) is not soon
    assert "from 12:00" in page.words


def test_the_desk_never_sees_why_somebody_stays(stay: Any) -> None:
    stay.observe(systolic_mmhg=171)
    stay.staff().put(f"{stay.path}/suicide-risk-check", {"outcome": "concern"})
    page = desk(stay).opens(LEAVING)
    assert "Staying longer" in page.words
    for hidden in ("hold", "171", "ressure", "uicide", "oncern", "riteri", "mergenc"):
        assert hidden not in page.html.split("<main")[1], hidden


def test_everything_settled_the_nurse_is_next(stay: Any) -> None:
    stay.meets_every_criterion()
    page = desk(stay).opens(LEAVING)
    assert "Robin Vale is here" in page.words
    assert "Nurse next: release" in page.words
    assert here(stay) not in page.forms()


def test_the_desk_marks_whoever_fetches_them_as_here(stay: Any) -> None:
    page = desk(stay).opens(LEAVING)
    assert "Escort not here yet" in page.words
    assert here(stay) in page.forms()
    done = desk(stay).sends(here(stay))
    assert done.leads_to == LEAVING
    desk(stay).sends(here(stay))
    transport = stay.recovery()["transport"]
    assert (transport["present"], transport["identified_by"]) == (True, "Test front_desk")
    assert "Escort is here" in desk(stay).opens(LEAVING).words


def test_a_form_on_the_live_list_carries_its_readers_secret(stay: Any) -> None:
    """Else it would go by script only: the part itself is drawn for everybody."""
    assert 'name="csrf_token" value=""' not in desk(stay).opens(LEAVING).html


def test_marking_where_nobody_is_named_says_what_to_do(stay: Any) -> None:
    stay.staff().put(f"{stay.path}/transport", {"kind": None})
    assert "Name an escort or a ride first." in desk(stay).sends(here(stay), expect=409).words


def test_a_prescriber_looks_and_marks_nobody(stay: Any) -> None:
    assert here(stay) not in desk(stay, "prescriber").opens(LEAVING).forms()
    desk(stay, "prescriber").sends(here(stay), expect=403)


def test_another_sites_patients_are_not_there(stay: Any) -> None:
    assert str(stay.session_id) not in desk(stay, "front_desk", "lakeview").opens(LEAVING).html
    desk(stay, "front_desk", "lakeview").sends(here(stay), expect=404)


def test_todays_page_gets_the_part_alone(stay: Any) -> None:
    alone = desk(stay).opens(LEAVING, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<body" not in alone.html
    assert alone.html.lstrip().startswith("<h2>Leaving within 30 minutes</h2>")


def test_who_comes_is_asked_of_intake_by_the_readers_own_browser(stay: Any) -> None:
    ask = f'data-escort-of="{stay.session_id}" data-kind="escort"'
    assert f'{ask} data-named=""' in desk(stay).opens(LEAVING).html
    nurse = Desk(stay.house, "discharge", role="nurse")
    assert f'{ask} data-named=""' in nurse.opens("/discharge/recovery").html
    stay.staff().put(f"{stay.path}/transport", stay.escort(name="Robin Vale"))
    assert f'{ask} data-named="Robin Vale"' in desk(stay).opens(LEAVING).html
    assert f'{ask} data-named="Robin Vale"' in nurse.opens("/discharge/recovery").html


def test_nobody_is_asked_for_where_nobody_comes_or_nobody_is_named_to_the_reader(stay: Any) -> None:
    operations = Desk(stay.house, "discharge", role="operations")
    assert "data-escort-of" not in operations.opens("/discharge/recovery").html
    stay.staff().put(f"{stay.path}/transport", {"kind": None})
    assert "data-escort-of" not in desk(stay).opens(LEAVING).html
    assert "data-escort-of" not in Desk(stay.house, "discharge", role="nurse").opens("/discharge/recovery").html
