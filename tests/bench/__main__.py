"""Every measure, one after another, each in a process of its own: `make bench` (start-up: `.ci/fresh-clone`)."""

import subprocess
import sys

_BENCHES = ("board", "write", "events_embedded", "events_latency", "desks")


def main() -> None:
    failed = [name for name in _BENCHES if subprocess.run([sys.executable, "-m", f"tests.bench.{name}"]).returncode]
    if failed:
        sys.exit(f"these did not finish: {', '.join(failed)}")


if __name__ == "__main__":
    main()
