"""Serving and working are two processes: what one says of the other is what the other wrote down, and how long ago."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.console.token import demo_token
from shared.kernel.people import Role
from shared.launch.keys import read_signing_key
from tests.e2e.running import ROOT, clean_environ, free_port

pytestmark = pytest.mark.timeout(240)


@contextmanager
def process(data: Path, verb: str, port: int) -> Iterator[None]:
    environ = clean_environ() | {"AFTERGLOW_DATA": str(data), "AFTERGLOW_DEMO": str(data), "AFTERGLOW_PORT": str(port)}
    command = [sys.executable, "-m", "services.integration", verb]
    if verb in {"migrate", "demo-keys"}:
        subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, timeout=120)
        yield
        return
    with (data / f"{verb}.log").open("wb") as log:
        started = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait(timeout=20)


def until(says: Callable[[], bool], *, seconds: float = 90) -> None:
    give_up = time.monotonic() + seconds
    while not says():
        assert time.monotonic() < give_up, "it never said so"
        time.sleep(0.5)


def test_a_worker_that_dies_is_told_as_silent_by_the_process_that_serves(tmp_path: Path) -> None:
    port = free_port()
    for once in ("migrate", "demo-keys"):
        with process(tmp_path, once, port):
            pass
    token = demo_token(read_signing_key(tmp_path / "keys"), Role.OPERATIONS, ["riverside"])
    url = f"http://127.0.0.1:{port}/integration/v1/standing"

    def standing() -> dict[str, Any]:
        try:
            answer = httpx.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        except httpx.TransportError:
            return {"consumers": [{"state": ""}], "problems": []}
        return dict(answer.raise_for_status().json())

    def says(state: str) -> Callable[[], bool]:
        return lambda: standing()["consumers"][0]["state"] == state

    with process(tmp_path, "serve", port):
        until(says("stale"))
        with process(tmp_path, "work", free_port()):
            until(says("keeping-up"))
            assert standing()["problems"] == []
        until(says("stale"))
        [problem] = standing()["problems"]
        assert problem["code"] == "worker-silent"
        assert "has not been heard of for" in problem["what"]
