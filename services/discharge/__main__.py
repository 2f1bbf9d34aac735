"""`python -m services.discharge serve | work | migrate`."""

from services.discharge.app import create_app
from services.discharge.settings import Settings
from services.discharge.wiring import build_worker, wire
from shared.launch.cli import run
from shared.launch.service import Service

SERVICE = Service(name="discharge", settings=Settings, wire=wire, create_app=create_app, build_worker=build_worker)

if __name__ == "__main__":
    run(SERVICE)
