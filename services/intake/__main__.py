"""`python -m services.intake serve | work | migrate`."""

from services.intake.app import create_app
from services.intake.settings import Settings
from services.intake.wiring import build_worker, wire
from shared.launch.cli import run
from shared.launch.service import Service

SERVICE = Service(name="intake", settings=Settings, wire=wire, create_app=create_app, build_worker=build_worker)

if __name__ == "__main__":
    run(SERVICE)
