"""The four services are the same house, and a room opens only towards those below it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SERVICES, imports_of, modules, name_of

# what every service has, and what it may have
_ALWAYS = {"__init__.py", "__main__.py", "README.md", "app.py", "deps.py", "settings.py", "wiring.py"}
_ROOMS = {"api", "domain", "handlers", "jobs", "pages", "store", "templates", "use_cases"}
_IN_STORE = {"__init__.py", "tables.py", "migrations"}
_IN_API = {"__init__.py", "schemas.py"}


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != "__pycache__"}


def _lint_imports(where: Path) -> "subprocess.CompletedProcess[str]":
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([str(command), "--no-cache"], cwd=where, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_same_rooms_as_its_siblings(service: str) -> None:
    found = _names(ROOT / "services" / service)

    assert found >= _ALWAYS
    assert found - _ALWAYS <= _ROOMS
    assert _names(ROOT / "services" / service / "store") >= _IN_STORE
    assert _names(ROOT / "services" / service / "api") >= _IN_API
    if "domain" in found:
        assert "policies" in _names(ROOT / "services" / service / "domain")


def test_nothing_else_stands_beside_the_services_and_in_shared() -> None:
    assert _names(ROOT / "services") - {"README.md"} == {"__init__.py", "__main__.py", "console", *SERVICES}
    assert _names(ROOT / "shared") - {"__init__.py", "README.md"} == {
        *("contracts", "kernel", "launch", "messaging", "observability", "operations", "store", "web")
    }


def test_every_room_opens_only_towards_those_below_it() -> None:
    result = _lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("planted", "text", "contract"),
    [
        ("services/intake/utils/__init__.py", "", "the rooms of a service"),
        ("services/discharge/common.py", "", "the rooms of a service"),
        ("services/billing/__init__.py", "", "services know nothing"),
        ("shared/helpers/__init__.py", "", "the rooms of shared"),
        (
            "services/intake/domain/planted.py",
            "import services.discharge.domain\n",
            "services know nothing of each other",
        ),
        ("services/intake/domain/planted.py", "import services.intake.store.tables\n", "the rooms of a service"),
        ("services/intake/use_cases/planted.py", "import services.intake.deps\n", "the rooms of a service"),
        ("services/intake/handlers/planted.py", "import services.intake.api.schemas\n", "the rooms of a service"),
        ("services/intake/domain/planted.py", "import time\n", "domain is pure"),
        ("services/intake/domain/policies/planted.py", "import sqlalchemy\n", "domain is pure"),
        ("services/intake/domain/planted.py", "import shared.contracts.registry\n", "domain knows shared.kernel"),
        ("services/intake/use_cases/planted.py", "import flask\n", "only the edges speak HTTP"),
        ("services/intake/jobs/planted.py", "import kafka\n", "only shared.messaging.kafka speaks"),
        ("shared/messaging/planted.py", "from kafka import KafkaProducer\n", "only shared.messaging.kafka speaks"),
        ("shared/store/planted.py", "import shared.web.errors\n", "the rooms of shared"),
        ("shared/web/planted.py", "import services.intake.deps\n", "shared never imports services"),
    ],
    ids=lambda value: value.removesuffix(".py").strip() or "empty",
)
def test_a_stray_room_or_a_door_in_the_wrong_wall_is_refused(
    planted: str, text: str, contract: str, tmp_path: Path
) -> None:
    keep_out = shutil.ignore_patterns("__pycache__", "vendor")
    for package in ("services", "shared"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=keep_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    stray = tmp_path / planted
    stray.parent.mkdir(exist_ok=True)
    stray.write_text(text)

    result = _lint_imports(tmp_path)

    assert result.returncode != 0
    broken = " ".join(result.stdout.split()).partition("Broken contracts")[2] or result.stdout + result.stderr
    assert contract in " ".join(broken.split())


def test_the_kernel_stands_on_the_standard_library_alone() -> None:
    strays = {
        f"{name_of(path)}: {imported}"
        for path in modules()
        if name_of(path).startswith("shared/kernel/")
        for imported in imports_of(path)
        if imported.split(".")[0] not in sys.stdlib_module_names and not imported.startswith("shared.kernel")
    }

    assert not strays


def test_domains_stand_on_the_standard_library_and_the_kernel() -> None:
    strays = {
        f"{name_of(path)}: {imported}"
        for path in modules()
        for service in SERVICES
        if name_of(path).startswith(f"services/{service}/domain/")
        for imported in imports_of(path)
        if imported.split(".")[0] not in sys.stdlib_module_names
        and not imported.startswith(("shared.kernel", f"services.{service}.domain"))
    }

    assert not strays
