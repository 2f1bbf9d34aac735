"""A house as a new user starts it: one command, one folder, one port; ended by its process id."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from uuid import UUID

import httpx

from services.console.token import demo_token
from shared.kernel.people import Role
from shared.launch.keys import read_signing_key

ROOT = Path(__file__).parents[2]
_READY_WITHIN_SECONDS = 240.0


class RunningHouse:
    """`python -m services …` on a free port of this machine, from `start` to `end` or `kill`."""

    def __init__(self, data: Path, *options: str, environ: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.environ = dict(environ or {})
        self.options = options
        self.port = free_port()
        self.log = data.parent / f"{data.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "RunningHouse":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self, *more: str) -> None:
        """Start (again) and wait until it is ready."""
        self.begin(*more)
        self.wait()

    def begin(self, *more: str) -> None:
        """Start (again)."""
        options = (*self.options, *more)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services", *options, "--port", str(self.port), "--data", str(self.data)],
                cwd=ROOT,
                env=clean_environ() | self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until it is ready."""
        assert self._process is not None
        give_up = time.monotonic() + _READY_WITHIN_SECONDS
        while not self.ready():
            assert self._process.poll() is None, f"it ended by itself:\n{self.log.read_text()[-2000:]}"
            assert time.monotonic() < give_up, f"it was never ready:\n{self.log.read_text()[-2000:]}"
            time.sleep(0.1)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.origin}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def end(self) -> int:
        """Ctrl-C; the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=40)

    def kill(self) -> None:
        """SIGKILL to it and everything it started: no goodbye, no flushing."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=20)
        self._process = None

    def token(self, role: str, *sites: str, patient: str | None = None) -> str:
        bound = None if patient is None else UUID(patient)
        return demo_token(read_signing_key(self.data / "keys"), Role(role), sites, patient=bound)

    def client(self, role: str, *sites: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token(role, *sites)}"}
        return httpx.Client(base_url=self.origin, headers=headers, timeout=60)

    def kept_clock(self) -> str:
        return str(json.loads((self.data / "clock.json").read_text())["seen_at"])


def run(
    *arguments: str, environ: dict[str, str] | None = None, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """A command of `python -m services` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "services", *arguments],
        cwd=ROOT,
        env=clean_environ() | (environ or {}),
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def clean_environ(names: Sequence[str] = ("PATH", "HOME", "LANG", "TMPDIR")) -> dict[str, str]:
    """What a fresh shell has: nothing of Afterglow's."""
    return {name: os.environ[name] for name in names if name in os.environ}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
