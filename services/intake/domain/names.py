"""Names, phones and record numbers in the form in which they are compared."""

import re
import unicodedata

_PHONE_SHAPE = re.compile(r"\+?[0-9 ().\-/]+(?:(?:x|ext\.?)\s*[0-9]+)?", re.IGNORECASE | re.ASCII)
_MIN_DIGITS = 5
_MAX_DIGITS = 20
_COMPARED_DIGITS = 10


def folded(name: str) -> str:
    """`name` without case, accents and punctuation: "Dubé, Marguerite-Anne" → "dube marguerite anne"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.replace("'", "").replace("’", "")).split())


def digits_of(phone: str) -> str:
    """The ASCII digits of `phone`, in order."""
    return "".join(c for c in phone if c in "0123456789")


def phone_key(phone: str) -> str:
    """What two spellings of one phone share: its last ten digits, so a country code may be there or not."""
    return digits_of(phone)[-_COMPARED_DIGITS:]


def is_phone(phone: str) -> bool:
    """Whether `phone` looks like one: 5 to 20 digits with the usual signs between, an extension allowed."""
    return bool(_PHONE_SHAPE.fullmatch(phone)) and _MIN_DIGITS <= len(digits_of(phone)) <= _MAX_DIGITS


def record_prefix(site_id: str) -> str:
    """The letters before a record number: "riverside" → "RIV". Sites that share them share one count."""
    return "".join(c for c in site_id.upper() if c.isascii() and c.isalnum())[:3] or "PAT"


def record_number(prefix: str, count: int) -> str:
    """The `count`th record (from 1) of a prefix: RIV-20001 is the first."""
    return f"{prefix}-{20000 + count}"
