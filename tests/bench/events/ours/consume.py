"""Maintenance's worker reading journal-submitted: EVENTS DATABASE COUNT [profile].

`profile` prints where the processor's time goes, to standard error.
"""

import cProfile
import json
import pstats
import resource
import sys
import time
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from shared.kernel.clock import monotonic
from shared.messaging.log import open_log
from shared.observability.logging import configure_logging
from tests.bench.events.ours.maintenance import applied, maintenance_on

_LOOK_SECONDS = 0.02
_LONGEST_SECONDS = 200


def main(events: str, database: str, count: int, profiled: bool) -> None:
    log = open_log(events, Path())
    _, worker = maintenance_on(log, database)
    stop = Flag()
    profile = cProfile.Profile(time.thread_time if profiled else time.perf_counter)

    def work() -> None:
        if profiled:
            profile.runcall(worker.run, stop)
        else:
            worker.run(stop)

    thread = Thread(target=work, daemon=True)
    thread.start()
    first, began, until = 0, 0.0, monotonic() + _LONGEST_SECONDS
    while (seen := applied()) < count:
        assert monotonic() < until, f"only {seen} of {count} were applied in time"
        if not first and seen:
            first, began = seen, monotonic()
            used = _processor_seconds()
        time.sleep(_LOOK_SECONDS)
    taken, done = monotonic() - began, seen - first
    answer = {
        "per_second": done / taken,
        "processor_us": (_processor_seconds() - used) / done * 1e6,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    stop.set()
    thread.join(30)
    if profiled:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(60)
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(40)
    print(json.dumps(answer))


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    configure_logging(level="CRITICAL")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), "profile" in sys.argv[4:])
