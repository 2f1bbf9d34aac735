"""The README's journey, pasted into a shell as a newcomer would."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.running import RunningHouse

pytestmark = pytest.mark.timeout(300)

_ROOT = Path(__file__).parents[2]


def test_the_journey_in_the_readme_can_be_pasted(tmp_path: Path) -> None:
    walk = re.search(r"^```sh\n(.*?)^```$", (_ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    assert walk is not None
    with RunningHouse(tmp_path / "data", "--empty") as house:
        port = str(house.port)
        pasted = subprocess.run(
            ["bash", "-e", "-c", walk[1]],
            cwd=_ROOT,
            env=os.environ | {"PORT": port, "DATA": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            timeout=240,
        )
    said = pasted.stdout
    assert pasted.returncode == 0, pasted.stderr
    problems = re.findall(r"urn:afterglow:problem:([a-z-]+)", said)
    assert problems == ["transport-missing"], "nothing but the missing escort may stand in the way"
    assert [word for word in ("unconfirmed", "ended", "42 days", "due-soon") if word not in said] == []
