"""`python -m services.<name> serve | work | migrate`: one service, one process."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import click
from werkzeug.serving import make_server

from shared.kernel.clock import DemoClock, machine_now
from shared.launch.collector import settle
from shared.launch.keys import ensure_demo_keys
from shared.launch.platform import clock_file, open_platform
from shared.launch.serve import serve as serve_wsgi
from shared.launch.service import Service
from shared.launch.settings import BadSettings
from shared.launch.work_app import work_app
from shared.messaging.wakeup import start_outbox_notifier
from shared.observability.logging import configure_logging
from shared.store.engine import open_engine
from shared.store.migrate import upgrade


def run(service: Service) -> None:
    """The command line of one service. Bad settings end it with status 2 and one message that names them all."""
    host = os.environ.get("AFTERGLOW_HOST", "127.0.0.1")

    @click.group(help=f"Runs the {service.name} service by itself.")
    def command() -> None:
        configure_logging()

    @command.command(help="Answer HTTP on AFTERGLOW_PORT.")
    def serve() -> None:
        with _refusing():  # here, before anything is forked
            settings = service.settings.from_env(service.name)
            open_platform(settings)
        leaving = Event()

        def build() -> object:
            deps = service.wire(settings, open_platform(settings))
            start_outbox_notifier(deps.engine, leaving)  # the relay is another process: tell it of each commit
            app = service.create_app(deps)
            settle()
            return app

        serve_wsgi(build, host=host, port=settings.port, on_exit=leaving.set)

    @command.command(help="Publish, consume and run timed jobs; health and metrics on AFTERGLOW_PORT.")
    def work() -> None:
        with _refusing():
            settings = service.settings.from_env(service.name)
            platform = open_platform(settings)
        deps = service.wire(settings, platform)
        worker = service.build_worker(deps, platform)
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        health = make_server(host, settings.port, work_app(deps, worker), threaded=True)
        Thread(target=health.serve_forever, name="health", daemon=True).start()
        settle()
        worker.run(stop)
        health.shutdown()

    @command.command(help="Bring the service's database to the newest revision; safe to repeat.")
    def migrate() -> None:
        with _refusing():
            settings = service.settings.from_env(service.name)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        upgrade(open_engine(settings.database_url), service.name)

    @command.command(help="Make the demo's key and clock in AFTERGLOW_DEMO; only the demo has them.", name="demo-keys")
    def demo_keys() -> None:
        with _refusing():
            settings = service.settings.from_env(service.name)
            if settings.demo_dir is None:
                raise BadSettings("AFTERGLOW_DEMO isn't set: this isn't the demo.")
            ensure_demo_keys(settings.keys_dir)
            open_platform(settings)  # makes the sealing key too, before eight processes would each make one
        clock = DemoClock(clock_file(settings.demo_dir))
        if not clock.exists():  # one that runs is left alone: resuming it would turn it back for whoever reads it
            clock.start(machine_now(), speed=1.0)

    command()


@contextmanager
def _refusing() -> Iterator[None]:
    """Bad settings are for whoever started us to read, not a traceback."""
    try:
        yield
    except BadSettings as error:
        print(error, file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
