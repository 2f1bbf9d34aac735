"""Seals what must not lie open in a database: AES-256-GCM with a key id, bound to the row it belongs to.

Bound means that a sealed text copied into another row no longer opens, so that nobody can swap two patients' words.
Old keys stay readable: the key id travels with each sealed value, new values use the current key.
"""

import base64
import binascii
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class BadSealingKeys(ValueError):
    """The sealing keys can't be used; the message never holds a key."""


class SealBroken(Exception):
    """A sealed value doesn't open: wrong row, unknown key id, or changed bytes."""


class Sealer:
    """Seals and opens values. `keys` maps key ids to 32 bytes; `current` is the id that new values get."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        if current not in keys:
            raise BadSealingKeys("the current sealing key is not among the keys")
        for key_id, key in keys.items():
            if not key_id or len(key_id.encode()) > 255 or len(key) != _KEY_BYTES:
                raise BadSealingKeys("each sealing key needs an id and 32 bytes")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = current

    @classmethod
    def from_text(cls, text: str) -> "Sealer":
        """Read `id:base64[,id:base64…]`; the first is the current key. Raises BadSealingKeys."""
        keys: dict[str, bytes] = {}
        for entry in text.split(","):
            key_id, separator, encoded = entry.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                raise BadSealingKeys("a sealing key is not base64") from None
            if not separator or key_id in keys:
                raise BadSealingKeys("sealing keys look like 'id:base64', each id once")
            keys[key_id] = key
        return cls(keys, current=next(iter(keys)))

    @staticmethod
    def new_key_text(key_id: str) -> str:
        """A fresh random key in the form that `from_text` reads."""
        return f"{key_id}:{base64.b64encode(os.urandom(_KEY_BYTES)).decode()}"

    def seal(self, plain: bytes, *, bound_to: str) -> bytes:
        """`bound_to` names the row and column for good ("journal/<id>/text"); opening needs the same words."""
        head = _head(self._current)
        nonce = os.urandom(_NONCE_BYTES)
        return head + nonce + self._ciphers[self._current].encrypt(nonce, plain, head + bound_to.encode())

    def open(self, sealed: bytes, *, bound_to: str) -> bytes:
        """Raises SealBroken."""
        if len(sealed) < 2 or sealed[:1] != _VERSION:
            raise SealBroken("not a sealed value")
        end = 2 + sealed[1]
        cipher = self._ciphers.get(sealed[2:end].decode(errors="replace"))
        if cipher is None:
            raise SealBroken("sealed with a key that is not here")
        nonce, body = sealed[end : end + _NONCE_BYTES], sealed[end + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, sealed[:end] + bound_to.encode())
        except (InvalidTag, ValueError):
            raise SealBroken("the value was changed, or belongs to another row") from None

    def seal_text(self, plain: str, *, bound_to: str) -> bytes:
        return self.seal(plain.encode(), bound_to=bound_to)

    def open_text(self, sealed: bytes, *, bound_to: str) -> str:
        """Raises SealBroken."""
        return self.open(sealed, bound_to=bound_to).decode()


def _head(key_id: str) -> bytes:
    encoded = key_id.encode()
    return _VERSION + bytes([len(encoded)]) + encoded
