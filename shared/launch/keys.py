"""Intake's signing key on disk, and the public half that all four services read.

`keys/signing.json` (owner only) and `keys/public.json` lie in the data directory, or in the demo's.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.kernel.ids import new_id
from shared.web.tokens import DEMO_PREFIX, key_set


class NoSigningKey(ValueError):
    """There is no usable signing key where one is needed; the message says where."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    key_id: str
    key: Ed25519PrivateKey

    @property
    def is_demo(self) -> bool:
        return self.key_id.startswith(DEMO_PREFIX)


def ensure_demo_keys(folder: Path) -> SigningKey:
    """The demo's signing key, made on first use; its id says that it is the demo's, and production refuses it."""
    path = folder / "signing.json"
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        key_id = f"{DEMO_PREFIX}{new_id().hex[:12]}"
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "public.json", json.dumps(key_set({key_id: key.public_key()})), mode=0o644)
        write_whole(path, json.dumps({"kid": key_id, "private_key": pem.decode()}), mode=0o600)
    return read_signing_key(folder)


def read_signing_key(folder: Path) -> SigningKey:
    """Raises NoSigningKey."""
    path = folder / "signing.json"
    try:
        kept = json.loads(path.read_text())
        key = serialization.load_pem_private_key(kept["private_key"].encode(), password=None)
        key_id = str(kept["kid"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoSigningKey(f"no signing key can be read from {path} ({type(error).__name__})") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoSigningKey(f"{path} holds no Ed25519 key")
    return SigningKey(key_id, key)


def write_whole(path: Path, text: str, *, mode: int) -> None:
    """Write a file that appears whole or not at all."""
    part = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
    part.replace(path)


def ensure_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret kept at `path`, made on first use, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, make(), mode=0o600)
    return path.read_text()
