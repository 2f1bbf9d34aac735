"""`python -m tests.bench.events [--small] [PART…]`."""

import argparse
import importlib

from tests.bench.events.size import FULL, SMALL
from tests.bench.events.stage import staged
from tests.support.containers import docker_away

PARTS = ("consumer", "relay", "latency", "cost", "poisoned", "history", "embedded")


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.bench.events", description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked.add_argument("--small", action="store_true", help="only show that it runs")
    arguments = asked.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        asked.error(f"no such part: {', '.join(sorted(unknown))}")
    if away := docker_away():
        asked.exit(0, f"nothing is measured: this {away}\n")
    size = SMALL if arguments.small else FULL
    with staged() as stage:
        for name in arguments.parts or PARTS:
            importlib.import_module(f"tests.bench.events.{name}").run(stage, size)


if __name__ == "__main__":
    main()
