"""What the operators' commands share: whom they ask, with which token, and how they answer."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.table import Table

from services.console.client import Caller, Refusal, Unreached
from services.console.options import data_option
from services.console.token import demo_token
from shared.contracts.registry import REGISTRY
from shared.kernel.people import Role
from shared.launch.keys import NoSigningKey, read_signing_key
from shared.launch.settings import DEFAULT_PORT

SERVICE_NAMES = tuple(contract.producer for contract in REGISTRY)
AWAY, REFUSED = 3, 1
EXITS = "Exits 0 when done, 1 when refused, 2 when asked wrongly, 3 when a service can't be reached."
_WIDTH = 150
_PATIENCE_SECONDS = 3.0
_TIMEOUT = httpx.Timeout(10.0, read=30.0)
# the bus is the network's: the token's sites say nothing about what an operator sees of it
_SITES = ("riverside", "lakeview", "harbor")


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with the role operations, at one URL."""

    caller: Caller
    url: str

    def ask(self, path: str, **query: Any) -> dict[str, Any]:
        return self.caller.get(path, **query).body

    def order(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.caller.post(path, body).body


def operator_options(command: Callable[..., None]) -> Callable[..., None]:
    """--url, --token, --data and --json."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="JSON instead of a table."),
        data_option,
        click.option(
            "--token",
            envvar="AFTERGLOW_TOKEN",
            help="A bearer token of the role operations.  [default: AFTERGLOW_TOKEN, or the demo's, from --data]",
        ),
        click.option(
            "--url",
            envvar="AFTERGLOW_URL",
            default=lambda: f"http://127.0.0.1:{os.environ.get('AFTERGLOW_PORT') or DEFAULT_PORT}",
            help="Where the services answer.  [default: AFTERGLOW_URL, or this machine at AFTERGLOW_PORT or 8080]",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def operator(url: str, token: str | None, data: Path) -> Iterator[Operator]:
    """Ends the command with a sentence and its status when it is refused or nobody answers."""
    try:
        bearer = token or demo_token(read_signing_key(data / "keys"), Role.OPERATIONS, _SITES)
        http = httpx.Client(base_url=url, timeout=_TIMEOUT)
    except NoSigningKey as error:
        raise click.UsageError(f"{error}; give a --token, or the --data of a demo.") from None
    except (httpx.InvalidURL, ValueError):
        raise click.UsageError(f"--url {url} is no address such as http://127.0.0.1:8080.") from None
    with http:
        try:
            yield Operator(Caller(http, bearer, patience_seconds=_PATIENCE_SECONDS), url)
        except Refusal as refusal:
            raise Ended(sentence(refusal), AWAY if refusal.status == 503 else REFUSED) from None
        except Unreached as error:
            raise Ended(str(error), AWAY) from None
        except httpx.HTTPError as error:
            raise Ended(f"{url} can't be asked ({type(error).__name__}).", AWAY) from None


class Ended(click.ClickException):
    """Ends a command with a sentence and a status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        vars(self)["exit_code"] = status


def sentence(refusal: Refusal) -> str:
    if refusal.status == 401:
        return "The token isn't accepted: is it this network's, and not expired?"
    if refusal.status == 403:
        return "The token's role may not do this: it needs the role operations."
    return str(refusal)


def services_asked(chosen: tuple[str, ...]) -> tuple[str, ...]:
    return chosen or SERVICE_NAMES


def consumers_of(topic: str) -> tuple[str, ...]:
    """Who consumes `topic`; raises UsageError for one that isn't ours."""
    for contract in REGISTRY:
        if contract.topic == topic:
            return contract.consumers
    topics = ", ".join(contract.topic for contract in REGISTRY)
    raise click.UsageError(f"There is no topic {topic!r}; there are {topics}.")


def from_each(who: Operator, services: tuple[str, ...], ask: Callable[[str], Any]) -> tuple[dict[str, Any], list[str]]:
    """What each service answers, and a sentence for each that is away; one that is away hides no other."""
    found: dict[str, Any] = {}
    away = []
    for service in services:
        try:
            found[service] = ask(service)
        except Unreached as error:
            away.append(f"{service}: {error}")
        except Refusal as refusal:
            if refusal.status != 503:
                raise
            away.append(f"{service}: {sentence(refusal)}")
    return found, away


def end(away: list[str]) -> None:
    """Say who was away, and end with status 3 when somebody was."""
    for line in away:
        click.echo(line, err=True)
    if away:
        raise SystemExit(AWAY)


def show(*columns: str, rows: list[tuple[str, ...]]) -> None:
    """A table as wide as it must be: an id that is broken over lines can't be copied."""
    table = Table(*columns, box=None, pad_edge=False)
    for column in table.columns:
        column.no_wrap = True
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False, width=max(shutil.get_terminal_size().columns, _WIDTH)).print(table)
