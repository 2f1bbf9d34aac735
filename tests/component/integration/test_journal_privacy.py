"""A patient's words reach whom the patient chose, and nobody can even tell that there are others."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from shared.kernel.people import Role
from tests.component.integration.conftest import Someone

SECRET = "the lighthouse kept blinking"
STAFF = [role.value for role in Role if role is not Role.PORTAL]
MAY_ASK = {"therapist", "prescriber", "medical_director"}
READERS = {
    "private": set(),
    "therapist": {"therapist"},
    "care-team": {"therapist", "prescriber", "medical_director"},
}


@pytest.fixture
def cleared(someone: Someone) -> Someone:
    someone.leaves()
    return someone


@pytest.mark.parametrize("sharing", list(READERS))
@pytest.mark.parametrize("role", STAFF)
def test_each_role_reads_what_is_shared_with_it_and_nothing_else(cleared: Someone, role: str, sharing: str) -> None:
    journal = cleared.writes(sharing=sharing, text=SECRET)
    reader = cleared.staff(role)
    one = reader.get(f"/journals/{journal['journal_id']}", expect=None)
    many = reader.get(f"/journals?patient_id={cleared.patient_id}&session_id={cleared.session_id}", expect=None)
    if role not in MAY_ASK:
        assert one.status_code == many.status_code == 403
    elif role in READERS[sharing]:
        assert one.get_json()["text"] == SECRET
        assert [item["text"] for item in many.get_json()["items"]] == [SECRET]
    else:
        assert one.status_code == 404
        assert many.get_json()["items"] == []
    if role not in READERS[sharing]:
        assert SECRET not in one.text + many.text


@pytest.mark.parametrize("sharing", ["private", "therapist"])
def test_a_hidden_journal_and_a_missing_one_look_the_same(cleared: Someone, sharing: str) -> None:
    journal = cleared.writes(sharing=sharing)
    reader = cleared.staff("prescriber")
    hidden = reader.get(f"/journals/{journal['journal_id']}", expect=404).get_json()
    assert hidden == reader.get(f"/journals/{uuid4()}", expect=404).get_json()


def test_all_staff_roles_together_do_not_open_a_private_journal(cleared: Someone) -> None:
    journal = cleared.writes(sharing="private", text=SECRET)
    everything = cleared.house.client("integration", role=STAFF, sites=["riverside", "lakeview", "harbor"])
    everything.get(f"/journals/{journal['journal_id']}", expect=404)
    for path in ("/journals", "/windows", "/tasks", "/action-steps", f"/windows/{cleared.session_id}"):
        answer = everything.get(path)
        assert SECRET not in answer.text
        assert journal["journal_id"] not in answer.text


@pytest.mark.parametrize("sharing", list(READERS))
def test_a_therapist_of_another_site_reads_nothing(cleared: Someone, sharing: str) -> None:
    journal = cleared.writes(sharing=sharing)
    foreign = cleared.staff("therapist", "harbor")
    foreign.get(f"/journals/{journal['journal_id']}", expect=404)
    assert foreign.get("/journals").get_json()["items"] == []
    foreign.get("/journals?site_id=riverside", expect=404)
    foreign.get(f"/journals?patient_id={cleared.patient_id}", expect=404)
    foreign.get(f"/journals?session_id={cleared.session_id}", expect=404)


def test_another_patient_reads_and_changes_nothing(cleared: Someone, newcomer: Callable[[], Someone]) -> None:
    journal = cleared.writes(sharing="care-team")
    path = f"/journals/{journal['journal_id']}"
    other = newcomer()
    other.leaves()
    portal = other.portal()
    portal.get(path, expect=404)
    portal.post(f"{path}/amendments", {"text": "mine now"}, expect=404)
    portal.call("PUT", f"{path}/sharing", json={"sharing": "private"}, headers={"If-Match": '"1"'}, expect=404)
    portal.get(f"/journals?patient_id={cleared.patient_id}", expect=404)
    portal.get(f"/journals?session_id={cleared.session_id}", expect=404)
    assert portal.get("/journals").get_json()["items"] == []
    assert [j["journal_id"] for j in cleared.portal().get("/journals").get_json()["items"]] == [journal["journal_id"]]


def test_nobody_writes_into_another_patients_window(cleared: Someone, newcomer: Callable[[], Someone]) -> None:
    other = newcomer()
    other.leaves()
    portal = other.portal()
    portal.post("/journals", cleared.entry(), expect=404)
    portal.post("/journals", cleared.entry(patient_id=str(other.patient_id)), expect=404)
    portal.post("/journals", other.entry(patient_id=str(cleared.patient_id)), expect=404)
    missing = portal.post("/journals", other.entry(session_id=str(uuid4())), expect=404).get_json()
    foreign = portal.post("/journals", other.entry(session_id=str(cleared.session_id)), expect=404).get_json()
    assert missing == foreign
    assert cleared.window()["journals"] == {"early": 0, "in_window": 0, "late": 0}


def test_a_portal_that_also_claims_a_staff_role_is_not_let_in(cleared: Someone) -> None:
    journal = cleared.writes(sharing="care-team")
    mixed = cleared.house.client(
        "integration", role=["portal", "therapist"], sites=["riverside"], patient=cleared.patient_id
    )
    mixed.get(f"/journals/{journal['journal_id']}", expect=401)


@pytest.mark.parametrize("role", STAFF)
def test_nobody_writes_changes_or_shares_a_journal_for_a_patient(cleared: Someone, role: str) -> None:
    journal = cleared.writes(sharing="care-team")
    path = f"/journals/{journal['journal_id']}"
    staff = cleared.staff(role)
    staff.post("/journals", cleared.entry(), expect=403)
    staff.post(f"{path}/amendments", {"text": "tidier"}, expect=403)
    staff.call("PUT", f"{path}/sharing", json={"sharing": "care-team"}, expect=403)


def test_words_taken_back_are_gone_for_staff_and_not_for_the_patient(cleared: Someone) -> None:
    journal = cleared.writes(sharing="care-team", text=SECRET)
    path = f"/journals/{journal['journal_id']}"
    cleared.portal().put(f"{path}/sharing", {"sharing": "private"})
    cleared.staff().get(path, expect=404)
    assert cleared.staff().get("/journals").get_json()["items"] == []
    assert cleared.portal().get(path).get_json()["text"] == SECRET


def test_a_staff_list_holds_the_shared_and_skips_the_private(cleared: Someone) -> None:
    written = {sharing: cleared.writes(sharing=sharing)["journal_id"] for sharing in READERS}
    first = cleared.staff().get("/journals?limit=1").get_json()
    second = cleared.staff().get(f"/journals?limit=1&cursor={first['next']}").get_json()
    seen = {item["journal_id"] for item in first["items"] + second["items"]}
    assert seen == {written["therapist"], written["care-team"]}
    assert second["next"] is None, "the end of a list doesn't hint at what was left out"
    assert len(cleared.portal().get("/journals").get_json()["items"]) == 3


def test_a_private_word_is_in_no_log_line(
    cleared: Someone, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    journal = cleared.writes(sharing="private", text=SECRET, contact_requested=True)
    cleared.portal().get(f"/journals/{journal['journal_id']}")
    cleared.portal().post("/journals", cleared.entry(text=SECRET, colour=SECRET), expect=422)
    cleared.published()
    written = caplog.text + "".join(capfd.readouterr())
    assert "journals" in written, "the log was really looked at"
    assert SECRET not in written
