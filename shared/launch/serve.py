"""Serves a WSGI app with gunicorn: one worker process, many threads, since live pages hold a connection each."""

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from shared.observability.logging import JsonGunicornLogger
from shared.web.pages.live import end_streams_when

THREADS = 64
_LEAVE_WITHIN_SECONDS = 25


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, build: Callable[[], Any], options: dict[str, Any]) -> None:
        self._build = build
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._build()


def serve(build: Callable[[], Any], *, host: str, port: int, on_exit: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT.

    `build` runs in the worker process, so that engines and threads are made after the fork; `on_exit` when it leaves.
    """
    _Server(
        build,
        {
            "bind": f"{host}:{port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "timeout": 120,
            "graceful_timeout": _LEAVE_WITHIN_SECONDS,
            "keepalive": 75,
            "loglevel": "warning",
            "logger_class": JsonGunicornLogger,
            "accesslog": None,
            "worker_tmp_dir": None,
            "control_socket_disable": True,
            "post_worker_init": lambda worker: end_streams_when(lambda: not worker.alive),
            "worker_exit": lambda _server, _worker: on_exit(),
        },
    ).run()
