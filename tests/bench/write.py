"""Observations charted a second: `python -m tests.bench.write`.

The ratio is the rate against a bare Flask route with one INSERT on the same store, with the same settings; batches of
the two take turns, so that both meet the same noise of the machine.
"""

import argparse
import cProfile
import logging
import pstats
import statistics
import tempfile
from pathlib import Path

import structlog

from tests.bench.recoveries import OBSERVATION, bare_app, live_patients, nurse_of, seconds_of
from tests.bench.table import print_table

PATIENTS = 20
BATCHES, BATCH = 30, 20
FLOOR = 0.7


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--profile", action="store_true")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING), cache_logger_on_first_use=True
    )
    with tempfile.TemporaryDirectory() as folder:
        house, sessions = live_patients(Path(folder), PATIENTS)
        nurse, bare = nurse_of(house), bare_app(house).test_client()
        numbers = iter(range(1000, 1_000_000))

        def chart() -> None:
            for number in range(BATCH):
                nurse.post(f"/recoveries/{sessions[number % PATIENTS]}/observations", OBSERVATION, expect=201)

        def one_insert() -> None:
            for number in range(BATCH):
                row = OBSERVATION | {"session_id": sessions[number % PATIENTS], "number": next(numbers)}
                assert bare.post("/row", json=row).status_code == 201

        if asked.parse_args().profile:
            profile = cProfile.Profile()
            profile.enable()
            for _ in range(10):
                chart()
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(40)
        ours, floor = [], []
        for _ in range(BATCHES):
            floor.append(BATCH / seconds_of(one_insert))
            ours.append(BATCH / seconds_of(chart))
        house.close()
    medians = statistics.median(floor), statistics.median(ours)
    rows = [
        (name, f"{rate:,.0f}/s", f"{rate / medians[0]:.2f}")
        for name, rate in zip(("bare route, one INSERT", "observation charted"), medians, strict=True)
    ]
    print_table(f"writes, one caller (ratio at least {FLOOR})", ("what", "rate", "ratio"), rows)


if __name__ == "__main__":
    main()
