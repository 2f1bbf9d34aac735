"""What goes home on paper, and what the patient's page shows of recovery."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.support.desk import Desk, Page
from tests.support.reading import grade

WORD = {"slept_hours": "7.5", "rested": "yes", "symptom_free": "yes"}


def nurse(stay: Any, role: str = "nurse", *sites: str) -> Desk:
    return Desk(stay.house, "discharge", role=role, sites=sites or ("riverside",))


def aftercare(stay: Any) -> Page:
    return nurse(stay).opens(f"/discharge/recoveries/{stay.session_id}/aftercare")


def restriction(stay: Any) -> Page:
    return nurse(stay).opens(f"/discharge/patients/{stay.patient_id}/restriction")


def timeline(stay: Any) -> Page:
    return nurse(stay).opens(f"/discharge/patients/{stay.patient_id}/timeline")


def sleep_word(stay: Any) -> str:
    return f"/discharge/recoveries/{stay.session_id}/sleep-word"


def test_the_sheet_reads_like_sixth_grade_or_easier(stay: Any) -> None:
    stay.is_released()
    html = aftercare(stay).html.split("<article")[1].split("</article>")[0]
    text = re.sub(r"</(?:h2|p|li)>", ". ", html)
    text = re.sub(r"<[^>]+>", "", "<" + text)
    assert grade(re.sub(r"\s+", " ", text)) <= 6


def test_the_sheet_says_when_driving_may_begin_and_holds_no_name(stay: Any) -> None:
    stay.is_released()
    page = aftercare(stay)
    assert "Do not drive before 07:00 on Tuesday 3 March, and not before you give us your word on sleep." in page.words
    assert "Call or text 988 now" in page.words
    assert "Name: ____" in page.words
    assert "Robin" not in page.words
    assert f'data-label-of="{stay.patient_id}"' in page.html


def test_a_sheet_before_leaving_says_that_the_time_may_move(stay: Any) -> None:
    assert "The time may move later if you leave later." in aftercare(stay).words


def test_the_restriction_says_how_it_stands(stay: Any) -> None:
    assert "Must not drive before 07:00 tomorrow As it stands" in restriction(stay).words
    assert "Record the word on sleep" not in restriction(stay).words
    stay.is_released()
    said = restriction(stay).words
    for words in (
        "Must not drive before 07:00 tomorrow",
        "Left 12:00 with Robin Vale",
        "Night: 22:00 to 06:00, 8 hours",
    ):
        assert words in said
    stay.house.advance(timedelta(hours=19))
    said = restriction(stay).words
    assert "Earliest end has passed (07:00); still needs the word on sleep." in said
    nurse(stay).sends(sleep_word(stay), WORD)
    assert "No driving restriction Ended 07:00, on the word on sleep." in restriction(stay).words


@pytest.mark.parametrize(
    ("fields", "name", "message"),
    [
        ({"slept_hours": "25"}, "slept_hours", "Must be 0 to 24."),
        ({"slept_hours": "long"}, "slept_hours", "Not a number."),
        ({"rested": ""}, "rested", "This is needed"),
    ],
)
def test_a_refused_word_keeps_the_typing(stay: Any, fields: dict[str, str], name: str, message: str) -> None:
    stay.is_released()
    page = nurse(stay).sends(sleep_word(stay), WORD | fields, expect=422)
    assert page.words.count(message) == 2
    assert f'href="#{name}"' in page.html
    assert page.value_of("slept_hours") == (WORD | fields)["slept_hours"]
    assert page.value_of("symptom_free") == "yes"


def test_a_word_before_the_earliest_end_is_kept_and_doesnt_count(stay: Any) -> None:
    stay.is_released()
    assert "Before 07:00 tomorrow the word is kept" in restriction(stay).words
    nurse(stay).sends(sleep_word(stay), WORD)
    assert "Must not drive before" in restriction(stay).words
    assert "Before the earliest end: kept, not counted." in timeline(stay).words


def test_the_timeline_tells_the_recovery_newest_first(stay: Any) -> None:
    stay.staff().post(f"{stay.path}/observations", {"spo2_percent": 85}, expect=201)
    stay.staff("prescriber").post(f"{stay.path}/acknowledgements", expect=200)
    stay.is_released()
    page = timeline(stay)
    said = page.words
    for words in (
        "Emergency: oxygen.",
        "A clinician has seen the emergency.",
        "Suicide-risk check: no concern.",
        "Was an escort, not here; now Robin Vale, here.",
        "Released with Robin Vale. No driving until at least Tue 3 Mar, 07:00. Last 118/76, SpO₂ 98 %, MOAA/S 5.",
        "7 observations.",
    ):
        assert words in said
    instants = re.findall(r'data-at="([^"]+)"', page.html)
    assert len(instants) == 5
    assert instants == sorted(instants, reverse=True)


def test_a_patient_without_recoveries_reads_as_empty(stay: Any) -> None:
    unknown = "11111111-1111-4111-8111-111111111111"
    assert "No session yet." in nurse(stay).opens(f"/discharge/patients/{unknown}/restriction").words
    assert "Nothing yet." in nurse(stay).opens(f"/discharge/patients/{unknown}/timeline").words


@pytest.mark.parametrize("part", ["restriction", "timeline"])
def test_a_patient_known_only_elsewhere_is_not_there(stay: Any, part: str) -> None:
    nurse(stay, "nurse", "lakeview").opens(f"/discharge/patients/{stay.patient_id}/{part}", expect=404)
    nurse(stay, "therapist").opens(f"/discharge/patients/{stay.patient_id}/{part}", expect=403)


@pytest.mark.parametrize("part", ["restriction", "timeline"])
def test_the_patients_page_gets_the_part_alone(stay: Any, part: str) -> None:
    alone = nurse(stay).opens(
        f"/discharge/patients/{stay.patient_id}/{part}", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    )
    assert alone.html.lstrip().startswith("<h2>")
