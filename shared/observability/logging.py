"""JSON logs: a constant message with fields beside it; ids and codes, never a name, a word or a vital sign."""

import logging
import sys
from types import TracebackType
from typing import Any

import structlog
from gunicorn.glogging import Logger as GunicornLogger


def configure_logging(*, level: str = "INFO", to: logging.Handler | None = None) -> None:
    """One JSON object a line, on standard error or `to` another handler; the standard library's loggers join in."""
    steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _without_words,
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = to or logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            keep_exc_info=False,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # each lost connection is an error to it, thousands while a broker is away; messaging says once that it is
    logging.getLogger("kafka").setLevel("CRITICAL")
    # the last three write whole addresses, in whose queries somebody may have searched for a name
    for library in ("alembic", "httpcore", "httpx", "werkzeug"):
        logging.getLogger(library).setLevel("WARNING")


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


class JsonGunicornLogger(GunicornLogger):  # type: ignore[misc]
    """Gunicorn's own lines, through the same handler as everybody's: `logger_class` of the server."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


def frames_of(error: BaseException | None) -> list[str]:
    """Where an error passed through our code, innermost last: file, line and function, never a value."""
    frames = []
    step: TracebackType | None = error.__traceback__ if error is not None else None
    while step is not None:
        code = step.tb_frame.f_code
        if "/services/" in code.co_filename or "/shared/" in code.co_filename:
            frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{step.tb_lineno}:{code.co_name}")
        step = step.tb_next
    return frames[-6:]


def _without_words(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """A traceback's text may quote a patient: keep the error's type and where it happened, drop the rest."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = frames_of(error)
    event.pop("stack_info", None)
    return event
