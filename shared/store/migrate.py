"""Brings a service's database to the newest revision, and writes new revisions for engineers.

python -m shared.store.migrate new <service> "why this change"
"""

import importlib
import sys
import tempfile
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, text

from shared.store.base import shared_metadata
from shared.store.engine import open_engine

_LOCK = 7_205_759_403


def migrations_of(service: str) -> Config:
    package = importlib.import_module(f"services.{service}.store.migrations")
    config = Config()
    config.set_main_option("script_location", str(Path(str(package.__file__)).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, service: str, revision: str = "head") -> None:
    """Upgrade to `revision`; safe to repeat, and to run from several processes at once."""
    config = migrations_of(service)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def newest_revision(service: str) -> str | None:
    return ScriptDirectory.from_config(migrations_of(service)).get_current_head()


def run_env(service_metadata: MetaData) -> None:
    """What every service's migrations/env.py does: run on the connection that it is handed."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=[service_metadata, shared_metadata],
        render_as_batch=True,
        transaction_per_migration=False,
        compare_type=True,
    )
    context.run_migrations()


def new_revision(service: str, why: str) -> None:
    """Write the next revision of `service` from the difference between its tables and its revisions."""
    importlib.import_module("shared.store.audit")
    importlib.import_module("shared.messaging.worker")
    importlib.import_module("shared.messaging.mending")
    importlib.import_module("shared.web.idempotency")
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/new.db")
        upgrade(engine, service)
        config = migrations_of(service)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            command.revision(config, message=why, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    _, verb, *rest = sys.argv
    if verb != "new" or len(rest) != 2:
        sys.exit(__doc__)
    new_revision(rest[0], rest[1])
