"""Compose as a test brings it up: a project, a port and a demo of its own, torn down with everything it made."""

import os
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from uuid import UUID, uuid4

import httpx

from services.console.token import demo_token
from shared.kernel.people import Role
from shared.launch.keys import read_signing_key
from tests.support.containers import free_port

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "discharge", "integration", "maintenance")
# cold: four images are built, a broker and a database start, on two cores
_UP_WITHIN_SECONDS = 420


class House(AbstractContextManager["House"]):
    """The Compose file of the checkout, running. `data` is a local copy of the demo's key and clock."""

    files: tuple[str, ...] = ("docker-compose.yml",)

    def __init__(self, folder: Path) -> None:
        self.project = f"afterglow-test-{uuid4().hex[:8]}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = folder / "demo"

    def __enter__(self) -> "House":
        try:
            self.bring_up()
        except subprocess.SubprocessError:
            self._say_why()
            self._down()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._say_why()
        self._down()

    def bring_up(self) -> None:
        self.compose("up", "--detach", "--build", "--wait", timeout=_UP_WITHIN_SECONDS)
        self.compose("cp", "intake:/demo", str(self.data))

    def command(self, *arguments: str) -> list[str]:
        files = [part for name in self.files for part in ("--file", name)]
        return ["docker", "compose", *files, "--project-name", self.project, *arguments]

    def compose(self, *arguments: str, timeout: float = 120, told: str | None = None) -> str:
        """What `docker compose …` says, `told` on its standard input; raises CalledProcessError when it fails."""
        result = subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            input=told,
            env=self.environ(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if result.returncode != 0:
            print(result.stdout, result.stderr)
        result.check_returncode()
        return result.stdout

    def kill(self, service: str) -> None:
        """As if its machine were switched off: no goodbye. Docker doesn't bring back what was killed by hand."""
        self.compose("kill", "--signal", "KILL", service)

    def crash(self, service: str) -> None:
        """End its process from within, as a fault of its own would: its restart policy brings it back."""
        # the shell that sends it is spared, and may be gone before it has answered
        subprocess.run(
            self.command("exec", "--no-TTY", service, "sh", "-c", "kill -KILL -1"),
            cwd=ROOT,
            env=self.environ(),
            capture_output=True,
            timeout=30,
            check=False,
        )

    def start(self, *services: str) -> None:
        """Bring killed or stopped containers back, and wait until they are healthy."""
        self.compose("up", "--detach", "--no-deps", "--wait", *services, timeout=240)

    def token(self, role: str, *sites: str, patient: str | None = None) -> str:
        bound = None if patient is None else UUID(patient)
        return demo_token(read_signing_key(self.data / "keys"), Role(role), sites, patient=bound)

    def client(self, role: str, *sites: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token(role, *sites)}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def inside(self, container: str, path: str) -> str:
        """What a container answers on its own port, which nobody outside can reach."""
        code = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:8080{path}', timeout=5).read().decode())"
        return self.compose("exec", "--no-TTY", container, "python", "-c", code)

    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERGLOW_")}
        return kept | {"AFTERGLOW_PORT": str(self.port)}

    def _say_why(self) -> None:
        for call in (("ps", "--all"), ("logs", "--no-color", "--tail", "40")):
            try:
                print(self.compose(*call))
            except subprocess.SubprocessError as error:
                print(f"docker compose {call[0]} failed too: {error}")

    def _down(self) -> None:
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "5")
