"""`migrate`: brings all four databases to their newest revision."""

import os
from pathlib import Path

import click

from services.console.house import migrate_all
from services.console.options import data_option, house_environ


@click.command(help="Bring the four databases to their newest revision; safe to repeat.")
@data_option
def migrate(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    migrate_all(house_environ(data, os.environ))
