"""`parked`: who is held back on the bus, and what a person does about it."""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from services.console.operators import (
    EXITS,
    SERVICE_NAMES,
    Operator,
    end,
    from_each,
    operator,
    operator_options,
    services_asked,
    show,
)
from shared.kernel.clock import machine_now
from shared.messaging.discarded import LONGEST_WHY
from shared.operations.problems import words
from shared.operations.states import HeldUpBy


class WhichType(click.ParamType[tuple[str, str], tuple[str, str]]):
    """`service/topic.key.sequence`, as `parked list` prints it."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        service, _, parked_id = str(value).partition("/")
        if service not in SERVICE_NAMES or parked_id.count(".") != 2 or "/" in parked_id or "?" in parked_id:
            self.fail(f"{value!r} isn't an id as `parked list` prints it: service/topic.key.sequence", param, ctx)
        return service, parked_id


_TRIED_WHEN = {
    HeldUpBy.SILENT.value: "when the worker runs",
    HeldUpBy.STOPPED.value: "after the worker's restart",
}
_which = click.argument("which", metavar="ID", type=WhichType())


@click.group(help="Who is held back on the bus: list, show, retry, discard. Ids and codes only.", epilog=EXITS)
def parked() -> None:
    pass


@parked.command(name="list", epilog=EXITS)
@click.option("--service", "services", multiple=True, type=click.Choice(SERVICE_NAMES), help="[default: all four]")
@operator_options
def list_parked(services: tuple[str, ...], url: str, token: str | None, data: Path, as_json: bool) -> None:
    """List the heads of parked lines, oldest first; each holds back one patient's events of one topic."""
    with operator(url, token, data) as who:
        found, away = from_each(
            who, services_asked(services), lambda service: who.caller.everything(f"/{service}/v1/parked")
        )
    items = sorted(
        (item for each in found.values() for item in each), key=lambda item: datetime.fromisoformat(item["parked_at"])
    )
    if as_json:
        click.echo(json.dumps({"items": items}, indent=2))
    elif items:
        show("id", "state", "reason", "waiting", "tries", "parked for", "next try", rows=[_row(item) for item in items])
    elif not away:
        click.echo("Nothing is parked.")
    end(away)


@parked.command(name="show", epilog=EXITS)
@_which
@operator_options
def show_parked(which: tuple[str, str], url: str, token: str | None, data: Path, as_json: bool) -> None:
    """Show one parked event, redacted: the names of its fields, none of their values."""
    with operator(url, token, data) as who:
        found = who.ask(_path(which))
    _tell(found, as_json)


@parked.command(epilog=EXITS)
@_which
@operator_options
def retry(which: tuple[str, str], url: str, token: str | None, data: Path, as_json: bool) -> None:
    """Try a parked line again at once, dead or not; safe to repeat."""
    with operator(url, token, data) as who:
        found = who.order(f"{_path(which)}/retry")
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        when = _TRIED_WHEN.get(found["held_up_by"], "at once; `parked list` says what came of it")
        click.echo(f"Event {found['key_seq']} is tried again {when}.")


@parked.command(epilog=EXITS)
@_which
@click.option("--reason", required=True, help=f"Why, for the audit: 1 to {LONGEST_WHY} characters. No names.")
@click.option("--missing", is_flag=True, help="Give up what never arrived before it, and apply it; for a gap.")
@click.option("--yes", is_flag=True, help="Don't ask at the terminal.")
@operator_options
def discard(
    which: tuple[str, str],
    reason: str,
    missing: bool,
    yes: bool,
    url: str,
    token: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Give a parked event up: its service never sees it, the rest of its line goes on. It is kept sealed."""
    with operator(url, token, data) as who:
        if not yes and sys.stdin.isatty():
            _ask(who, which, missing)
        body = {"reason": reason, "what": "missing" if missing else "event"}
        found = who.order(f"{_path(which)}/discard", body)
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    first, last = found["first_seq"], found["last_seq"]
    what = f"Event {last} is" if first == last else f"Events {first} to {last} are"
    click.echo(f"{what} given up, by {found['discarded_by']}: {found['reason']}. The rest of the line goes on.")


def _ask(who: Operator, which: tuple[str, str], missing: bool) -> None:
    found = who.ask(_path(which))
    what = "what is missing before it" if missing else f"event {found['key_seq']}"
    click.echo(
        f"{which[0]} will never see {what} ({found['topic']}, key {found['key']}). {found['waiting']} wait behind it. "
        "Neither a retry nor a replay brings it back."
    )
    click.confirm("Give it up?", abort=True)


def _path(which: tuple[str, str]) -> str:
    service, parked_id = which
    return f"/{service}/v1/parked/{parked_id}"


def _row(item: dict[str, Any]) -> tuple[str, ...]:
    now = machine_now()
    next_at = item["next_attempt_at"]
    return (
        f"{item['consumer']}/{item['parked_id']}",
        item["state"],
        item["reason"],
        str(item["waiting"]),
        str(item["attempts"]),
        words(now - _parked_at(item)),
        "not by itself" if next_at is None else _next_try(datetime.fromisoformat(next_at) - now, item["held_up_by"]),
    )


def _next_try(wait: timedelta, held_up_by: str | None) -> str:
    if held_up_by is not None:
        return _TRIED_WHEN[held_up_by]
    return f"in {words(wait)}" if wait > timedelta() else "now"


def _parked_at(item: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(item["parked_at"])


def _tell(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        told = ", ".join(map(str, value)) if isinstance(value, list) else "none" if value is None else value
        click.echo(f"{name.replace('_', ' '):18} {told}")
