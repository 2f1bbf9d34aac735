"""Integration's relay carrying a full outbox to the log: EVENTS DATABASE COUNT [profile]."""

import cProfile
import json
import pstats
import resource
import sys
from pathlib import Path
from time import process_time

from shared.kernel.clock import monotonic
from shared.launch.collector import settle
from shared.messaging.log import open_log
from shared.messaging.relay import Relay
from shared.observability.logging import configure_logging
from shared.store.engine import open_engine
from tests.bench.events.ours.outbox import fill_outbox


def main(events: str, database: str, count: int, profiled: bool) -> None:
    engine = open_engine(database)
    fill_outbox(engine, 1)
    relay = Relay("integration", engine, open_log(events, Path()))
    assert relay.step() == 1
    fill_outbox(engine, count)
    settle()
    profile = cProfile.Profile()
    began, used = monotonic(), process_time()
    if profiled:
        profile.enable()
    while relay.step():
        pass
    taken = monotonic() - began
    if profiled:
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(50)
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(30)
    assert relay.pending().rows == 0
    answer = {
        "per_second": count / taken,
        "processor_us": (process_time() - used) / count * 1e6,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(answer))
    relay.close()


if __name__ == "__main__":
    configure_logging(level="CRITICAL")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), "profile" in sys.argv[4:])
