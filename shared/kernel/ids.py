"""Identifiers: random ones for records, time-ordered ones for events."""

import os
from uuid import UUID, uuid4

from shared.kernel.clock import machine_now


def new_id() -> UUID:
    """A random UUID (version 4): says nothing about when or whom."""
    return uuid4()


def new_event_id() -> UUID:
    """A UUID version 7 (RFC 9562): sorts by the machine's time of creation."""
    millis = int(machine_now().timestamp() * 1000)
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    return UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62))
