"""`openapi`: writes each service's OpenAPI document, as it is served; a test fails when a committed one differs."""

import importlib
import tempfile
from pathlib import Path

import click

from shared.kernel.clock import SystemClock
from shared.kernel.sites import Sites
from shared.launch.platform import Platform
from shared.launch.service import Service
from shared.launch.settings import DEMO_SITES
from shared.messaging.log import open_log
from shared.observability.logging import configure_logging
from shared.store.sealing import Sealer
from shared.web.tokens import PublicKeys

SERVICES = ("intake", "discharge", "integration", "maintenance")


def path_of(name: str) -> Path:
    package = importlib.import_module(f"services.{name}")
    return Path(str(package.__file__)).parent / "api" / "openapi.json"


def document_text(name: str) -> str:
    """The document that the service would serve; needs no store, no key and no broker."""
    service: Service = importlib.import_module(f"services.{name}.__main__").SERVICE
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform(
            clock=SystemClock(),
            sites=Sites.from_file(DEMO_SITES),
            public_keys=PublicKeys(f"{folder}/none.json"),
            sealer=Sealer.from_text(Sealer.new_key_text("none")),
            log=open_log("embedded", Path(folder)),
        )
        environ = {"AFTERGLOW_DATA": folder, "AFTERGLOW_DEMO": folder}
        deps = service.wire(service.settings.from_env(name, environ), platform)
        answer = service.create_app(deps).test_client().get(f"/{name}/v1/openapi.json")
        deps.engine.dispose()
        return str(answer.get_data(as_text=True))


@click.command(help="Write each service's OpenAPI document to services/<name>/api/openapi.json.")
def openapi() -> None:
    configure_logging(level="WARNING")
    for name in SERVICES:
        path_of(name).write_text(document_text(name))
