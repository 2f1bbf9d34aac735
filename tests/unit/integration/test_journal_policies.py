"""Patients choose their readers, and a journal may be wordless."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.integration.domain.journal import Practice, Sharing, Words, WordsFailMe
from services.integration.domain.policies.journals import EntryLimits, complaints_about, published_mood
from services.integration.domain.policies.sharing import reach_of
from services.integration.domain.policies.steps import StepRules
from shared.kernel.people import Actor, Role

PATIENT = uuid4()
STAFF = [role for role in Role if role is not Role.PORTAL]
ALLOWED = {
    Sharing.PRIVATE: set(),
    Sharing.THERAPIST: {Role.THERAPIST},
    Sharing.CARE_TEAM: {Role.THERAPIST, Role.PRESCRIBER, Role.MEDICAL_DIRECTOR},
}


def someone(*roles: Role, sites: frozenset[str] = frozenset({"riverside"}), patient_id: UUID | None = None) -> Actor:
    return Actor(subject="s", name="", roles=frozenset(roles), sites=sites, patient_id=patient_id)


@pytest.mark.parametrize("sharing", list(Sharing))
@pytest.mark.parametrize("role", STAFF)
def test_staff_read_only_what_is_shared_with_their_role(role: Role, sharing: Sharing) -> None:
    reach = reach_of(someone(role))
    assert reach.covers(patient_id=PATIENT, site_id="riverside", sharing=sharing) is (role in ALLOWED[sharing])


def test_no_pile_of_roles_opens_a_private_journal() -> None:
    reach = reach_of(someone(*STAFF))
    assert not reach.covers(patient_id=PATIENT, site_id="riverside", sharing=Sharing.PRIVATE)


def test_a_therapist_of_another_site_reads_nothing() -> None:
    reach = reach_of(someone(Role.THERAPIST, sites=frozenset({"harbor"})))
    assert not reach.covers(patient_id=PATIENT, site_id="riverside", sharing=Sharing.CARE_TEAM)


@pytest.mark.parametrize("sharing", list(Sharing))
def test_patients_read_all_of_their_own_and_nothing_of_others(sharing: Sharing) -> None:
    own = reach_of(someone(Role.PORTAL, patient_id=PATIENT))
    other = reach_of(someone(Role.PORTAL, Role.THERAPIST, patient_id=uuid4()))
    unbound = reach_of(someone(Role.PORTAL, Role.THERAPIST))
    assert own.covers(patient_id=PATIENT, site_id="anywhere", sharing=sharing)
    assert not other.covers(patient_id=PATIENT, site_id="riverside", sharing=sharing)
    assert not unbound.covers(patient_id=PATIENT, site_id="riverside", sharing=sharing)


def words(text: str | None = None, body: str | None = None, *feelings: str, form: bool = False) -> Words:
    told = WordsFailMe(body, feelings) if form or body or feelings else None
    return Words(text=text, words_fail_me=told, mood_0_10=None)


@pytest.mark.parametrize(
    ("practice", "said", "pointers"),
    [
        pytest.param(Practice.JOURNAL, words("I was a river"), [], id="a journal with words"),
        pytest.param(Practice.JOURNAL, words(None, "warm"), [], id="a journal without words but a body"),
        pytest.param(Practice.JOURNAL, words(), ["/text"], id="an empty journal"),
        pytest.param(Practice.JOURNAL, words(form=True), ["/text"], id="a journal with an empty form"),
        pytest.param(Practice.WORDS_FAIL_ME, words(None, "heavy"), [], id="a body alone"),
        pytest.param(Practice.WORDS_FAIL_ME, words(None, None, "awe"), [], id="a feeling alone"),
        pytest.param(Practice.WORDS_FAIL_ME, words("text"), ["/words_fail_me"], id="words fail me, without the form"),
        pytest.param(Practice.WORDS_FAIL_ME, words(form=True), ["/words_fail_me"], id="an empty form"),
        pytest.param(Practice.MEDITATION, words(), [], id="a wordless meditation"),
        pytest.param(Practice.ART, words(), [], id="a wordless drawing"),
    ],
)
def test_each_practice_asks_only_for_what_it_needs(practice: Practice, said: Words, pointers: list[str]) -> None:
    assert [found.pointer for found in complaints_about(practice, said)] == pointers


@pytest.mark.parametrize(
    ("sharing", "published"), [(Sharing.PRIVATE, None), (Sharing.THERAPIST, 0), (Sharing.CARE_TEAM, 0)]
)
def test_a_private_mood_never_leaves(sharing: Sharing, published: int | None) -> None:
    assert published_mood(sharing, 0) == published


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written_at", "accepted"),
    [
        pytest.param(NOW - timedelta(days=1, microseconds=1), False, id="too old"),
        pytest.param(NOW - timedelta(days=1), True, id="the oldest"),
        pytest.param(NOW, True, id="the newest"),
        pytest.param(NOW + timedelta(microseconds=1), False, id="ahead"),
    ],
)
def test_an_entry_is_dated_within_its_limits(written_at: datetime, accepted: bool) -> None:
    limits = EntryLimits(oldest=NOW - timedelta(days=1), newest=NOW)
    assert (limits.complaints_about(written_at) == ()) is accepted


@pytest.mark.parametrize(("minutes", "allowed"), [(0, False), (1, True), (10, True), (11, False)])
def test_a_step_takes_ten_minutes_at_most(minutes: int, allowed: bool) -> None:
    assert StepRules().allows(minutes) is allowed


def test_a_step_cannot_be_limited_to_nothing() -> None:
    with pytest.raises(ValueError, match="minute"):
        StepRules(longest_minutes=0)
