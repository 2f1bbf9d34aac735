"""The lock holds exactly what was asked for, each with its hashes, and no address of any registry."""

import re

import pytest
from packaging.requirements import Requirement

from tests.architecture.tree import ROOT

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def _asked(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def _pinned(name: str) -> dict[str, str]:
    return {found[1].lower().replace("_", "-"): found[2] for found in _PIN.finditer((ROOT / name).read_text())}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_whatever_is_asked_for_is_locked_at_a_version_that_was_asked_for(name: str) -> None:
    pinned = _pinned(f"{name}.txt")

    for asked in _asked(f"{name}.in"):
        version = pinned.get(asked.name.lower().replace("_", "-"))
        assert version is not None, f"{asked} is not locked: run `make lock`"
        assert asked.specifier.contains(version, prereleases=True), f"{asked} is locked at {version}: run `make lock`"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_everything_in_the_lock_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]

    assert entries
    assert not [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert not re.search(r"https?://|--index-url|--find-links", text)


def test_both_locks_agree_where_they_name_the_same_release() -> None:
    run, dev = _pinned("requirements.txt"), _pinned("requirements-dev.txt")

    assert {name: (run[name], dev[name]) for name in run.keys() & dev.keys() if run[name] != dev[name]} == {}
