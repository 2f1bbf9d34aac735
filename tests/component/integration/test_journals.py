"""What patients write is kept, dated, labelled and told onwards without a word of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.integration.store.tables import JournalEditionRow, WindowRow
from shared.contracts.fields import instant_text
from tests.component.integration.conftest import Someone

SECOND = timedelta(seconds=1)
SAID = "the lighthouse kept blinking"


@pytest.fixture
def cleared(someone: Someone) -> Someone:
    someone.leaves()
    return someone


@pytest.mark.parametrize(
    ("after", "position"),
    [
        pytest.param(timedelta(0), "early", id="as administration ended"),
        pytest.param(timedelta(hours=24) - SECOND, "early", id="a second before 24 h"),
        pytest.param(timedelta(hours=24), "in-window", id="exactly 24 h"),
        pytest.param(timedelta(hours=72), "in-window", id="exactly 72 h"),
        pytest.param(timedelta(hours=72) + SECOND, "late", id="a second after 72 h"),
        pytest.param(timedelta(days=90), "late", id="three months later"),
    ],
)
def test_an_entry_is_labelled_by_when_it_was_written(cleared: Someone, after: timedelta, position: str) -> None:
    cleared.house.clock.at = cleared.ended_at + timedelta(days=100)
    journal = cleared.writes(written_at=instant_text(cleared.ended_at + after))
    assert journal["window_position"] == position
    assert journal["written_at"] == instant_text(cleared.ended_at + after)
    assert cleared.window()["journals"][position.replace("-", "_")] == 1
    assert [event.window_position.value for event in cleared.published()] == [position]


def test_an_entry_without_a_date_was_written_now(cleared: Someone) -> None:
    cleared.house.clock.at = cleared.at(30)
    journal = cleared.writes()
    assert journal["written_at"] == journal["submitted_at"] == instant_text(cleared.at(30))


def test_an_instant_with_an_offset_comes_back_equal(cleared: Someone) -> None:
    cleared.house.clock.at = cleared.at(48)
    journal = cleared.writes(written_at="2026-03-03T19:30:00+05:30")
    assert journal["written_at"] == "2026-03-03T14:00:00Z"


@pytest.mark.parametrize(
    ("written", "status"),
    [
        pytest.param(timedelta(minutes=2), 201, id="two minutes ahead"),
        pytest.param(timedelta(minutes=2) + SECOND, 422, id="more than two minutes ahead"),
        pytest.param(timedelta(hours=-24), 201, id="a day before the end of administration"),
        pytest.param(timedelta(hours=-24) - SECOND, 422, id="too old for this session"),
    ],
)
def test_an_entry_is_dated_within_reason(cleared: Someone, written: timedelta, status: int) -> None:
    answer = cleared.portal().post(
        "/journals", cleared.entry(written_at=instant_text(cleared.ended_at + written)), expect=status
    )
    if status == 422:
        assert [e["pointer"] for e in answer.get_json()["errors"]] == ["/written_at"]
        assert cleared.published() == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"practice": "shouting"}, "/practice", id="an unknown practice"),
        pytest.param({"practice": None}, "/practice", id="no practice"),
        pytest.param({"sharing": "everyone"}, "/sharing", id="an unknown tier"),
        pytest.param({"text": ""}, "/text", id="empty text"),
        pytest.param({"text": "  "}, "/text", id="blank text"),
        pytest.param({"text": "x" * 20_001}, "/text", id="text too long"),
        pytest.param({"text": "a\x00b"}, "/text", id="a NUL"),
        pytest.param({"text": "\ud800"}, "/text", id="half a character"),
        pytest.param({"text": 7}, "/text", id="a number for text"),
        pytest.param({"text": None}, "/text", id="a journal without words"),
        pytest.param({"mood_0_10": -1}, "/mood_0_10", id="mood below"),
        pytest.param({"mood_0_10": 11}, "/mood_0_10", id="mood above"),
        pytest.param({"mood_0_10": "5"}, "/mood_0_10", id="mood as text"),
        pytest.param({"mood_0_10": 5.5}, "/mood_0_10", id="mood as a fraction"),
        pytest.param({"mood_0_10": True}, "/mood_0_10", id="mood as a truth"),
        pytest.param({"contact_requested": "yes"}, "/contact_requested", id="a word for a truth"),
        pytest.param({"contact_requested": 1}, "/contact_requested", id="a number for a truth"),
        pytest.param({"words_fail_me": {"feelings": ["x"] * 21}}, "/words_fail_me/feelings", id="too many feelings"),
        pytest.param({"words_fail_me": {"feelings": ["x" * 81]}}, "/words_fail_me/feelings/0", id="a long feeling"),
        pytest.param({"words_fail_me": {"soul": "x"}}, "/words_fail_me/soul", id="an unknown field inside"),
        pytest.param({"practice": "words-fail-me"}, "/words_fail_me", id="words fail me without its form"),
        pytest.param({"written_at": "2026-03-03T10:00:00"}, "/written_at", id="an instant without an offset"),
        pytest.param({"written_at": "yesterday"}, "/written_at", id="no instant at all"),
        pytest.param({"colour": "blue"}, "/colour", id="an unknown field"),
        pytest.param({"session_id": "42"}, "/session_id", id="no id"),
    ],
)
def test_what_cannot_be_kept_is_named_and_nothing_is_written(
    cleared: Someone, changes: dict[str, Any], pointer: str
) -> None:
    answer = cleared.portal().post("/journals", cleared.entry(**changes), expect=422)
    assert pointer in [error["pointer"] for error in answer.get_json()["errors"]]
    assert cleared.portal().get("/journals").get_json()["items"] == []
    assert cleared.published() == []


@pytest.mark.parametrize("length", [1, 20_000])
def test_text_may_be_a_letter_or_a_long_letter(cleared: Someone, length: int) -> None:
    assert len(cleared.writes(text="é" * length)["text"]) == length


@pytest.mark.parametrize("mood", [0, 10, None])
def test_a_mood_may_be_anything_from_nothing_to_ten(cleared: Someone, mood: int | None) -> None:
    assert cleared.writes(mood_0_10=mood)["mood_0_10"] == mood
    assert [event.mood_0_10 for event in cleared.published()] == [mood]


def test_when_words_fail_the_body_and_the_feelings_are_enough(cleared: Someone) -> None:
    told = {"body": "warm hands, heavy legs", "feelings": ["awe", "grief"]}
    journal = cleared.writes(practice="words-fail-me", text=None, words_fail_me=told)
    read = cleared.portal().get(f"/journals/{journal['journal_id']}").get_json()
    assert read["words_fail_me"] == told
    assert read["text"] is None


@pytest.mark.parametrize("practice", ["mindfulness", "meditation", "art", "kap-reflection"])
def test_a_practice_counts_without_words(cleared: Someone, practice: str) -> None:
    cleared.writes(practice=practice, text=None)
    assert [event.practice.value for event in cleared.published()] == [practice]


def test_every_field_lands_where_it_belongs(cleared: Someone) -> None:
    cleared.house.clock.at = cleared.at(40)
    entry = cleared.entry(
        practice="words-fail-me",
        text=SAID,
        words_fail_me={"body": "b", "feelings": ["f"]},
        mood_0_10=7,
        sharing="care-team",
        contact_requested=True,
        written_at=instant_text(cleared.at(30)),
    )
    made = cleared.portal().post("/journals", entry, expect=201).get_json()
    read = cleared.portal().get(f"/journals/{made['journal_id']}").get_json()
    assert read == made
    assert read == entry | {
        "journal_id": made["journal_id"],
        "site_id": "riverside",
        "submitted_at": instant_text(cleared.at(40)),
        "window_position": "in-window",
        "amended_at": None,
        "earlier": [],
    }
    (event,) = cleared.published()
    assert str(event.journal_id) == made["journal_id"]
    assert event.session_id == cleared.session_id
    assert event.site_id == "riverside"
    assert event.written_at == cleared.at(30)
    assert event.submitted_at == cleared.at(40)
    assert event.mood_0_10 == 7
    assert event.contact_requested
    assert event.sharing.value == "care-team"


def test_what_a_patient_does_not_choose_to_share_is_private(cleared: Someone) -> None:
    entry = cleared.entry()
    del entry["sharing"]
    assert cleared.portal().post("/journals", entry, expect=201).get_json()["sharing"] == "private"


def test_the_mood_of_a_private_journal_is_not_told_onwards(cleared: Someone) -> None:
    cleared.writes(sharing="private", mood_0_10=3)
    (event,) = cleared.published()
    assert event.mood_0_10 is None
    assert event.sharing.value == "private"


def test_a_session_whose_patient_has_not_left_is_answered_with_what_to_do(someone: Someone) -> None:
    problem = someone.portal().post("/journals", someone.entry(), expect=404).get_json()
    assert "try again" in problem["title"]
    someone.leaves()
    someone.portal().post("/journals", someone.entry(), expect=201)


def test_a_first_try_that_came_too_soon_does_not_spoil_the_same_key(someone: Someone) -> None:
    key = {"Idempotency-Key": "letter-1"}
    someone.portal().post("/journals", someone.entry(), headers=key, expect=404)
    someone.leaves()
    someone.portal().post("/journals", someone.entry(), headers=key, expect=201)


def test_a_repeated_submission_is_one_journal(cleared: Someone) -> None:
    key = {"Idempotency-Key": "letter-1"}
    first = cleared.portal().post("/journals", cleared.entry(), headers=key, expect=201).get_json()
    again = cleared.portal().post("/journals", cleared.entry(), headers=key, expect=201).get_json()
    assert again["journal_id"] == first["journal_id"]
    assert len(cleared.published()) == 1
    assert cleared.window()["journals"]["early"] == 1


def test_words_lie_sealed_in_the_store(cleared: Someone) -> None:
    cleared.writes(text=SAID, words_fail_me={"body": "aching", "feelings": ["dread"]})
    cleared.published()
    with cleared.house.service("integration").unit_of_work() as uow:
        sealed = uow.session.scalars(select(JournalEditionRow.sealed_words)).one()
    assert SAID.encode() not in sealed
    for path in cleared.house.folder.rglob("*"):
        if path.is_file():
            kept = path.read_bytes()
            assert SAID.encode() not in kept, path
            assert b"dread" not in kept, path


def test_sealed_words_do_not_open_in_another_journal(cleared: Someone) -> None:
    mine, other = cleared.writes(text=SAID), cleared.writes(text="something else")
    with cleared.house.service("integration").unit_of_work() as uow:
        rows = {str(row.journal_id): row for row in uow.session.scalars(select(JournalEditionRow))}
        rows[other["journal_id"]].sealed_words = rows[mine["journal_id"]].sealed_words
    cleared.portal().get(f"/journals/{other['journal_id']}", expect=503)
    cleared.portal().get(f"/journals/{mine['journal_id']}", expect=200)


def test_an_amendment_keeps_the_old_words_for_the_patient(cleared: Someone) -> None:
    journal = cleared.writes(text=SAID, mood_0_10=2)
    path = f"/journals/{journal['journal_id']}"
    cleared.house.clock.advance(timedelta(hours=1))
    amended = cleared.portal().post(f"{path}/amendments", {"text": "it was the harbour light"}, expect=200)
    body = amended.get_json()
    assert body["text"] == "it was the harbour light"
    assert body["mood_0_10"] is None
    assert body["amended_at"] == instant_text(cleared.at(1))
    assert body["written_at"] == journal["written_at"]
    assert body["earlier"] == [
        {"kept_at": instant_text(cleared.at(0)), "text": SAID, "words_fail_me": None, "mood_0_10": 2}
    ]
    assert cleared.portal().get(path).get_json() == body
    staff = cleared.staff().get(path).get_json()
    assert staff["text"] == "it was the harbour light"
    assert staff["earlier"] is None
    assert len(cleared.published()) == 1, "an amendment is not another journal"


def test_an_amendment_must_still_say_something(cleared: Someone) -> None:
    journal = cleared.writes(text=SAID)
    path = f"/journals/{journal['journal_id']}"
    cleared.portal().post(f"{path}/amendments", {}, expect=422)
    assert cleared.portal().get(path).get_json()["text"] == SAID


def test_a_change_of_sharing_needs_the_version_that_was_read(cleared: Someone) -> None:
    journal = cleared.writes(sharing="therapist")
    path = f"/journals/{journal['journal_id']}"
    tag = cleared.portal().get(path).headers["ETag"]
    cleared.portal().put(f"{path}/sharing", {"sharing": "private"}, etag="", expect=428)
    cleared.portal().put(f"{path}/sharing", {"sharing": "private"}, etag='"99"', expect=412)
    cleared.staff().get(path, expect=200)
    answer = cleared.portal().put(f"{path}/sharing", {"sharing": "private"}, etag=tag, expect=200)
    assert answer.headers["ETag"] != tag
    cleared.staff().get(path, expect=404)
    cleared.portal().put(f"{path}/sharing", {"sharing": "care-team"}, etag=tag, expect=412)


def test_a_choice_made_twice_at_one_instant_is_two_versions(cleared: Someone) -> None:
    path = f"/journals/{cleared.writes(sharing='therapist')['journal_id']}"
    first = cleared.portal().put(f"{path}/sharing", {"sharing": "private"}).headers["ETag"]
    second = cleared.portal().put(f"{path}/sharing", {"sharing": "private"}, etag=first).headers["ETag"]
    assert second != first
    cleared.portal().put(f"{path}/sharing", {"sharing": "care-team"}, etag=first, expect=412)


def test_two_journals_at_one_instant_change_the_window_twice(cleared: Someone) -> None:
    tags, versions = [], []
    for _ in range(2):
        cleared.writes()
        tags.append(cleared.staff().get(f"/windows/{cleared.session_id}").headers["ETag"])
        with cleared.house.service("integration").unit_of_work() as uow:
            versions.append(uow.session.get_one(WindowRow, cleared.session_id).version)
    assert len(set(tags)) == len(set(versions)) == 2


def test_a_wish_to_talk_reaches_people_at_once_and_names_no_words(cleared: Someone) -> None:
    cleared.writes(sharing="private", contact_requested=True, text=SAID)
    tasks = cleared.staff("front_desk").get("/tasks?state=open").get_json()["items"]
    assert [(t["kind"], t["patient_id"]) for t in tasks] == [("contact-requested", str(cleared.patient_id))]
    assert SAID not in str(tasks)
    assert [event.contact_requested for event in cleared.published()] == [True]


def test_each_wish_to_talk_is_a_task_of_its_own(cleared: Someone) -> None:
    cleared.writes(contact_requested=True)
    cleared.writes(contact_requested=True)
    assert len(cleared.staff("front_desk").get("/tasks").get_json()["items"]) == 2


def test_every_write_and_read_of_a_journal_is_entered_without_a_word(cleared: Someone) -> None:
    journal = cleared.writes(text=SAID)
    path = f"/journals/{journal['journal_id']}"
    cleared.portal().post(f"{path}/amendments", {"text": f"{SAID} and blinking"})
    cleared.portal().put(f"{path}/sharing", {"sharing": "care-team"})
    cleared.staff().get(path)
    cleared.staff().get(f"/journals?patient_id={cleared.patient_id}")
    entries = cleared.audit()
    assert [e["action"] for e in reversed(entries)] == [
        "window-opened",
        "journal-submitted",
        "journal-amended",
        "journal-read",  # the portal reads the ETag that it sends
        "journal-sharing-changed",
        "journal-read",
        "journals-read",
    ]
    assert SAID not in str(entries)


def test_a_journal_that_does_not_exist_is_not_found(cleared: Someone) -> None:
    for client in (cleared.portal(), cleared.staff()):
        client.get(f"/journals/{uuid4()}", expect=404)
        client.get("/journals/nonsense", expect=404)
