"""Options that several commands take."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from shared.launch.settings import DEFAULT_DATA

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: os.environ.get("AFTERGLOW_DATA", DEFAULT_DATA),
    help="The folder that holds stores, event log, keys and the demo's clock.  [default: AFTERGLOW_DATA or ./data]",
)


def house_environ(data: Path, environ: Mapping[str, str], *, port: int | None = None) -> dict[str, str]:
    """`environ` with the data folder (and port) that were asked for; the house of `python -m services` is a demo."""
    asked = dict(environ) | {"AFTERGLOW_DATA": str(data.absolute())}
    asked.setdefault("AFTERGLOW_DEMO", str(data.absolute()))
    if port is not None:
        asked["AFTERGLOW_PORT"] = str(port)
    return asked
