"""A few numbers in a file that a trial writes and its child processes read: no lock that a killed one could hold."""

import os
import struct
from pathlib import Path

_SLOT = struct.Struct("<q")
_NAMES = ("allowed", "clock_seconds", "absent_leader", "fail_commits", "hog_pool")


class Board:
    """allowed: how many sessions may be promised so far. clock_seconds: how far the machine's clock is off.
    absent_leader: 1 while metadata names a leader that isn't there. fail_commits: 1 in so many commits fails to
    serialise, 0 for none. hog_pool: 1 while something in each
    process holds every connection of its pool."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            path.write_bytes(bytes(_SLOT.size * len(_NAMES)))
        self._file = path.open("r+b", buffering=0)

    def close(self) -> None:
        self._file.close()

    def read(self, name: str) -> int:
        number: int = _SLOT.unpack(os.pread(self._file.fileno(), _SLOT.size, _SLOT.size * _NAMES.index(name)))[0]
        return number

    def write(self, name: str, number: int) -> None:
        os.pwrite(self._file.fileno(), _SLOT.pack(number), _SLOT.size * _NAMES.index(name))
