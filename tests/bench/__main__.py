"""Every measure, one after another, each in a process of its own: `make bench` (start-up: `.ci/fresh-clone`).

`python -m tests.bench events --small` runs one, with what it takes.
"""

import subprocess
import sys

_BENCHES = ("board", "write", "events", "desks")


def main() -> None:
    asked = sys.argv[1:]
    if asked and asked[0] not in _BENCHES:
        sys.exit(f"no such measure: {asked[0]}; there are {', '.join(_BENCHES)}")
    runs = [asked] if asked else [[name] for name in _BENCHES]
    failed = [
        name
        for name, *arguments in runs
        if subprocess.run([sys.executable, "-m", f"tests.bench.{name}", *arguments]).returncode
    ]
    if failed:
        sys.exit(f"these did not finish: {', '.join(failed)}")


if __name__ == "__main__":
    main()
