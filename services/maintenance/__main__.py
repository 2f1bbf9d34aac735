"""`python -m services.maintenance serve | work | migrate`."""

from services.maintenance.app import create_app
from services.maintenance.settings import Settings
from services.maintenance.wiring import build_worker, wire
from shared.launch.cli import run
from shared.launch.service import Service

SERVICE = Service(name="maintenance", settings=Settings, wire=wire, create_app=create_app, build_worker=build_worker)

if __name__ == "__main__":
    run(SERVICE)
