"""A process that has settled is looked through less often, and still gets rid of what it drops."""

import subprocess
import sys

_SETTLED = """
import gc, weakref
from shared.launch.collector import settle

class Loop:
    def __init__(self):
        self.me = self

settle()
print(gc.get_freeze_count() > 1_000, gc.isenabled())
dropped = weakref.ref(Loop())
kept = [Loop() for _ in range(25_000)]
print(dropped() is None)
"""


def test_what_was_loaded_is_left_alone_and_what_is_dropped_still_goes() -> None:
    told = subprocess.run([sys.executable, "-c", _SETTLED], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True", "True"]
