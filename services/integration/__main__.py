"""`python -m services.integration serve | work | migrate`."""

from services.integration.app import create_app
from services.integration.settings import Settings
from services.integration.wiring import build_worker, wire
from shared.launch.cli import run
from shared.launch.service import Service

SERVICE = Service(name="integration", settings=Settings, wire=wire, create_app=create_app, build_worker=build_worker)

if __name__ == "__main__":
    run(SERVICE)
