"""Who may be the same person twice."""

from dataclasses import replace
from datetime import date

import pytest

from services.intake.domain.names import folded, is_phone, phone_key, record_number, record_prefix
from services.intake.domain.policies.duplicates import DuplicateRules, Identity, Likeness, likenesses

MARGUERITE = Identity("Dubé", "Marguerite", date(1949, 5, 4), "(212) 555-0171")
SAME_PERSON = Likeness.SAME_BIRTH_DATE_SIMILAR_NAME
ELSEWHERE = "(312) 555-0999"


@pytest.mark.parametrize(
    ("family_name", "given_name"),
    [
        pytest.param("Dube", "Marguerite", id="without the accent"),
        pytest.param("DUBÉ", "marguerite", id="in another case"),
        pytest.param("Dubé", "Margerite", id="a letter short"),
        pytest.param("Marguerite", "Dubé", id="names swapped"),
        pytest.param("Dubé", "Margie", id="a short form"),
        pytest.param("Dubé-Roy", "Marguerite", id="a double name"),
    ],
)
def test_a_similar_name_with_the_same_birth_date_is_pointed_out(family_name: str, given_name: str) -> None:
    other = Identity(family_name, given_name, MARGUERITE.birth_date, ELSEWHERE)
    assert likenesses(MARGUERITE, other, DuplicateRules()) == (SAME_PERSON,)
    assert likenesses(other, MARGUERITE, DuplicateRules()) == (SAME_PERSON,)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Identity("Okafor", "Ada", MARGUERITE.birth_date, ELSEWHERE), id="only the birth date"),
        pytest.param(replace(MARGUERITE, birth_date=date(1949, 5, 5), phone=ELSEWHERE), id="only the name"),
    ],
)
def test_strangers_are_not(other: Identity) -> None:
    assert likenesses(MARGUERITE, other, DuplicateRules()) == ()


@pytest.mark.parametrize("phone", ["212-555-0171", "+1 212 555 0171", "212.555.0171"])
def test_the_same_phone_is_pointed_out_however_it_is_written(phone: str) -> None:
    other = Identity("Okafor", "Ada", date(1987, 1, 1), phone)
    assert likenesses(MARGUERITE, other, DuplicateRules()) == (Likeness.SAME_PHONE,)


def test_both_likenesses_are_told() -> None:
    assert likenesses(MARGUERITE, MARGUERITE, DuplicateRules()) == (SAME_PERSON, Likeness.SAME_PHONE)


@pytest.mark.parametrize(
    ("phone", "good"),
    [
        ("(212) 555-0171", True),
        ("+49 30 1234567", True),
        ("212-555-0171 ext. 12", True),
        ("12345", True),
        ("1234", False),
        ("1" * 20, True),
        ("1" * 21, False),
        ("call me", False),
        ("212-555-O171", False),
        ("٢١٢٥٥٥٠١٧١", False),
    ],
)
def test_a_phone_is_digits_and_the_usual_signs(phone: str, good: bool) -> None:
    assert is_phone(phone) is good


def test_names_fold_to_what_is_compared() -> None:
    assert folded("  O’Neil,  Anne-Marie ") == "oneil anne marie"
    assert phone_key("+1 (212) 555-0171") == "2125550171"


@pytest.mark.parametrize(
    ("site_id", "prefix"), [("riverside", "RIV"), ("lakeview", "LAK"), ("ab", "AB"), ("north-bay", "NOR"), ("-", "PAT")]
)
def test_record_numbers_begin_with_their_site(site_id: str, prefix: str) -> None:
    assert record_prefix(site_id) == prefix
    assert record_number(prefix, 377) == f"{prefix}-20377"


def test_rules_refuse_limits_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="min_similarity"):
        DuplicateRules(min_similarity=0)
