"""`doctor`: can this machine run the house, and if not, what is in the way. Changes nothing.

What a service or worker needs is asked of the same checks that answer `/readyz`.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from alembic.migration import MigrationContext
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from services.console.doctor_kafka import kafka_trouble
from services.console.house import House
from services.console.options import data_option, house_environ
from services.console.settings import read_settings
from shared.kernel.clock import DemoClock
from shared.kernel.sites import BadSites, Sites
from shared.launch.platform import clock_file
from shared.launch.settings import BadSettings, BaseSettings
from shared.messaging.log import EMBEDDED, KafkaCredentials, open_log
from shared.store.engine import open_engine
from shared.store.migrate import newest_revision
from shared.web.health import Check
from shared.web.tokens import DEMO_PREFIX, PublicKeys

_OLDEST_PYTHON = (3, 11)
_NOT_YET = "not made yet; the first start makes it"


@click.command(help="Check what the house needs: exits 0 when it can run, 1 when something is in the way.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@data_option
def doctor(as_json: bool, data: Path) -> None:
    checks = list(examine(data, os.environ))
    ok = all(check.ok for check in checks)
    if as_json:
        found = [{"name": check.name, "ok": check.ok, "message": check.message} for check in checks]
        click.echo(json.dumps({"status": "ready" if ok else "not-ready", "checks": found}, indent=2))
    else:
        _print(checks)
    sys.exit(0 if ok else 1)


def examine(data: Path, environ: Mapping[str, str]) -> Iterator[Check]:
    """Every check, in the order in which a person would mend them; never raises for what is wrong outside."""
    yield _python()
    yield _folder(data)
    try:
        settings = read_settings(house_environ(data, environ))
    except BadSettings as error:
        yield Check("settings", False, str(error))
        return
    yield Check("settings", True, "all can be used")
    intake = settings["intake"]
    sites = _sites(intake)
    yield sites
    yield _keys(intake)
    yield _clock(intake)
    databases = [_database(each) for each in settings.values()]
    yield from databases
    yield _events(intake)
    made = [check.ok and check.message != _NOT_YET for check in databases]
    if sites.ok and all(made):
        yield from _services(house_environ(data, environ))


def _python() -> Check:
    here = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < _OLDEST_PYTHON:
        return Check("python", False, f"{here}; Afterglow needs 3.11 or newer.")
    return Check("python", True, here)


def _folder(data: Path) -> Check:
    there = data.absolute()
    while not there.exists():
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Check("folder", False, f"{there} can't be written to ({error.strerror}); choose another with --data.")
    return Check("folder", True, str(data.absolute()))


def _sites(settings: BaseSettings) -> Check:
    try:
        sites = Sites.from_file(settings.sites_file)
    except BadSites as error:
        return Check("sites", False, str(error))
    return Check("sites", True, ", ".join(f"{site.site_id} ({len(site.chairs)} chairs)" for site in sites.values()))


def _keys(settings: BaseSettings) -> Check:
    ids = PublicKeys(settings.public_keys).key_ids()
    demo = any(key_id.startswith(DEMO_PREFIX) for key_id in ids)
    if ids and settings.demo_dir is None and demo:
        return Check("keys", False, f"{settings.public_keys} holds a demo key: production doesn't start with it.")
    if ids:
        return Check("keys", True, "the demo's" if demo else f"{len(ids)} public")
    if settings.demo_dir is not None and not settings.public_keys.startswith("http"):
        return Check("keys", True, _NOT_YET)
    return Check("keys", False, f"No public key can be read from {settings.public_keys}; see AFTERGLOW_PUBLIC_KEYS.")


def _clock(settings: BaseSettings) -> Check:
    if settings.demo_dir is None:
        return Check("clock", True, "the machine's")
    clock = DemoClock(clock_file(settings.demo_dir))
    if not clock.exists():
        return Check("clock", True, _NOT_YET)
    try:
        return Check("clock", True, f"the demo's, at {clock.now():%Y-%m-%d %H:%M} UTC")
    except (OSError, ValueError, KeyError) as error:
        return Check("clock", False, f"{clock.path} can't be read ({type(error).__name__}).")


def _database(settings: BaseSettings) -> Check:
    name = f"{settings.service}-database"
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        return Check(name, True, _NOT_YET)
    engine = open_engine(settings.database_url)
    try:
        here, newest = _revision(engine), newest_revision(settings.service)
    except SQLAlchemyError as error:
        where = url.render_as_string(hide_password=True)
        return Check(name, False, f"{where} can't be used ({type(error).__name__}): is it up, and is the login right?")
    finally:
        engine.dispose()
    if here != newest:
        return Check(name, False, f"at revision {here or 'none'}, newest is {newest}: run `python -m services migrate`")
    return Check(name, True, f"{url.get_backend_name()}, newest revision {newest}")


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _events(settings: BaseSettings) -> Check:
    if settings.events == EMBEDDED and not (settings.data_dir / "events.db").exists():
        return Check("events", True, f"embedded, {_NOT_YET}")
    log = open_log(
        settings.events,
        settings.data_dir,
        KafkaCredentials(settings.kafka_user, settings.kafka_password, settings.kafka_security),
    )
    try:
        trouble = None if settings.events == EMBEDDED else kafka_trouble(settings, log)
        if trouble is None and (away := log.away()) is not None:
            trouble = f"{settings.events}: {away.words}"
    finally:
        log.close()
    return Check("events", trouble is None, trouble or f"{settings.events}, answers")


def _services(environ: Mapping[str, str]) -> Iterator[Check]:
    try:
        house = House.open(environ)
    except BadSettings as error:
        yield Check("services", False, str(error))
        return
    seen = {"demo"}
    for check in house.checks():
        if check.name not in seen:
            seen.add(check.name)
            yield Check(f"ready: {check.name}", check.ok, check.message or "ready")
    for worker in house.workers.values():
        worker.close()


def _print(checks: list[Check]) -> None:
    table = Table("", "check", "what was found", box=None, pad_edge=False)
    for check in checks:
        table.add_row("[green]ok[/green]" if check.ok else "[red]no[/red]", check.name, check.message)
    Console(highlight=False).print(table)
