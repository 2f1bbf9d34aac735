"""A refresh of the recovery board with 200 live patients: `python -m tests.bench.board`.

The ratio is p95 against a bare Flask route that selects and jsonifies the same rows of the same store; the two take
turns, so that both meet the same noise of the machine.
"""

import argparse
import cProfile
import logging
import pstats
import statistics
import tempfile
from pathlib import Path

import structlog

from tests.bench.recoveries import bare_app, live_patients, nurse_of, seconds_of
from tests.bench.table import print_table

PATIENTS = 200
ROUNDS = 150
CEILING = 2.0


def p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--profile", action="store_true")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING), cache_logger_on_first_use=True
    )
    with tempfile.TemporaryDirectory() as folder:
        house, _ = live_patients(Path(folder), PATIENTS)
        nurse, bare = nurse_of(house), bare_app(house).test_client()
        first = nurse.get("/recoveries?limit=500").get_json()  # opens the board: its one audit row
        assert len(first["items"]) == PATIENTS
        assert len(bare.get("/rows").get_json()) == PATIENTS
        if asked.parse_args().profile:
            profile = cProfile.Profile()
            profile.enable()
            for _ in range(30):
                nurse.get("/recoveries?limit=500")
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        ours, floor, raw = [], [], []
        for _ in range(ROUNDS):
            raw.append(seconds_of(lambda: bare.get("/raw")))
            floor.append(seconds_of(lambda: bare.get("/rows")))
            ours.append(seconds_of(lambda: nurse.get("/recoveries?limit=500")))
        house.close()
    rows = [
        (name, f"{statistics.median(s) * 1000:.1f} ms", f"{p95(s) * 1000:.1f} ms", f"{p95(s) / p95(floor):.2f}")
        for name, s in (
            ("bare SELECT + jsonify", floor),
            ("the same, columns as the driver gives them", raw),
            ("board refresh", ours),
        )
    ]
    print_table(
        f"board of {PATIENTS} live patients (p95 ratio at most {CEILING})", ("what", "p50", "p95", "ratio"), rows
    )


if __name__ == "__main__":
    main()
