"""Sealed values open in their own row, with a key that is here, and nowhere else."""

import pytest

from shared.store.sealing import BadSealingKeys, SealBroken, Sealer

OLD, NEW = Sealer.new_key_text("2025"), Sealer.new_key_text("2026")


def test_what_is_sealed_opens_again() -> None:
    sealer = Sealer.from_text(NEW)
    sealed = sealer.seal_text("Grüße", bound_to="journal/1/text")
    assert "Grüße".encode() not in sealed
    assert sealer.open_text(sealed, bound_to="journal/1/text") == "Grüße"


def test_the_same_words_are_sealed_differently_each_time() -> None:
    sealer = Sealer.from_text(NEW)
    assert sealer.seal(b"x", bound_to="a") != sealer.seal(b"x", bound_to="a")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealer = Sealer.from_text(NEW)
    sealed = sealer.seal(b"x", bound_to="journal/1/text")
    with pytest.raises(SealBroken):
        sealer.open(sealed, bound_to="journal/2/text")


def test_old_keys_still_open_after_a_new_one_came() -> None:
    sealed = Sealer.from_text(OLD).seal(b"x", bound_to="a")
    assert Sealer.from_text(f"{NEW},{OLD}").open(sealed, bound_to="a") == b"x"


def test_a_key_that_is_gone_opens_nothing() -> None:
    sealed = Sealer.from_text(OLD).seal(b"x", bound_to="a")
    with pytest.raises(SealBroken, match="not here"):
        Sealer.from_text(NEW).open(sealed, bound_to="a")


@pytest.mark.parametrize("at", [0, 1, 3, 10, 20, -1], ids=str)
def test_any_changed_byte_is_noticed(at: int) -> None:
    sealer = Sealer.from_text(NEW)
    sealed = bytearray(sealer.seal(b"some words", bound_to="a"))
    sealed[at] ^= 1
    with pytest.raises(SealBroken):
        sealer.open(bytes(sealed), bound_to="a")


@pytest.mark.parametrize("length", [0, 1, 2, 6, 18, 20])
def test_a_value_cut_short_does_not_open(length: int) -> None:
    sealer = Sealer.from_text(NEW)
    with pytest.raises(SealBroken):
        sealer.open(sealer.seal(b"some words", bound_to="a")[:length], bound_to="a")


@pytest.mark.parametrize(
    "text",
    ["", "id", "id:", "id:????", "id:YWJj", ":" + NEW.partition(":")[2], f"{NEW},{NEW}"],
    ids=["nothing", "no-key", "empty-key", "no-base64", "too-short", "no-id", "one-id-twice"],
)
def test_keys_that_cannot_be_used_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(BadSealingKeys) as refused:
        Sealer.from_text(text)
    assert "YWJj" not in str(refused.value)
