"""Runs this database's revisions on the connection it is handed; see shared/store/migrate.py."""

from services.discharge.store.tables import Base
from shared.store.migrate import run_env

run_env(Base.metadata)
