"""`events`: how events travel, what travels, and having it read again."""

import json
import re
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.console.operators import (
    EXITS,
    REFUSED,
    SERVICE_NAMES,
    Ended,
    Operator,
    consumers_of,
    end,
    from_each,
    operator,
    operator_options,
    services_asked,
    show,
)
from shared.kernel.clock import monotonic
from shared.messaging.log import MAX_OFFSET
from shared.operations.looking import MOST_RECORDS
from shared.operations.problems import words

_POLL_SECONDS = 0.5
_FOLLOW_SECONDS = 1.0
_BEGINS_WITHIN_SECONDS = 5.0
_service = click.option("--service", type=click.Choice(SERVICE_NAMES), help="Which consumer, of a topic with several.")


class PlaceType(click.ParamType[dict[str, Any], dict[str, Any]]):
    """An offset, or an instant with an offset from UTC; becomes {"offset": 4} or {"at": "…"}."""

    name = "offset|instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if re.fullmatch(r"[0-9]{1,13}", str(value)) and int(value) <= MAX_OFFSET:
            return {"offset": int(value)}
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            self.fail(
                f"{value!r} is neither an offset such as 120 nor an instant such as 2026-03-02T15:00:00Z", param, ctx
            )
        return {"at": instant.isoformat()}


@click.group(help="How events travel: lag, tail, replay. Ids and codes only.", epilog=EXITS)
def events() -> None:
    pass


@events.command(epilog=EXITS)
@click.option("--service", "services", multiple=True, type=click.Choice(SERVICE_NAMES), help="[default: all four]")
@operator_options
def lag(services: tuple[str, ...], url: str, token: str | None, data: Path, as_json: bool) -> None:
    """Say how every consumer and outbox stands, and what is wrong, worst first."""
    with operator(url, token, data) as who:
        found, away = from_each(who, services_asked(services), lambda service: who.ask(f"/{service}/v1/standing"))
    if as_json:
        click.echo(json.dumps({"items": list(found.values())}, indent=2))
    elif found:
        _show_standing(list(found.values()))
    end(away)


@events.command(epilog=EXITS)
@click.option("--topic", required=True, help="session-completed, discharge-cleared, journal-submitted or booster-due.")
@_service
@click.option(
    "-n",
    "--newest",
    type=click.IntRange(1, MOST_RECORDS),
    default=20,
    show_default=True,
    help="How many to begin with.",
)
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@operator_options
def tail(
    topic: str,
    service: str | None,
    newest: int,
    follow: bool,
    url: str,
    token: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Show the newest records of a topic, redacted. With --json, one object a line."""
    path = f"/{service or consumers_of(topic)[0]}/v1/events"
    with operator(url, token, data) as who:
        found = who.ask(path, topic=topic, limit=newest)
        _show_records(found["items"], as_json)
        with suppress(KeyboardInterrupt):
            while follow:
                time.sleep(_FOLLOW_SECONDS)
                found = who.ask(path, topic=topic, limit=MOST_RECORDS, cursor=found["next"])
                _show_records(found["items"], as_json)


@events.command(epilog=EXITS)
@click.option("--topic", required=True, help="What to read again.")
@_service
@click.option("--from", "start", type=PlaceType(), help="From there, inclusive.  [default: the log's beginning]")
@click.option("--to", "stop", type=PlaceType(), help="Up to there, exclusive.  [default: where reading stands]")
@click.option("--key", type=click.UUID, help="Only this patient's events.")
@click.option("--no-wait", is_flag=True, help="Order it and don't wait for its end.")
@operator_options
def replay(
    topic: str,
    service: str | None,
    start: dict[str, Any] | None,
    stop: dict[str, Any] | None,
    key: Any,
    no_wait: bool,
    url: str,
    token: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Have a service read part of a topic again, by the same path as live traffic.

    What was applied stays as it is, what never was is applied in order; nothing is sent or paged again. Safe to repeat.
    Offsets count in every partition.
    """
    asked = {"topic": topic, "key": None if key is None else str(key)}
    asked |= {f"from_{kind}": value for kind, value in (start or {}).items()}
    asked |= {f"to_{kind}": value for kind, value in (stop or {}).items()}
    by = service or _only_consumer(topic)
    with operator(url, token, data) as who:
        found = who.order(f"/{by}/v1/replays", asked)
        if not no_wait:
            found = _wait(who, by, found)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    elif no_wait:
        click.echo(f"Ordered: {_says_how_far(by, found)}")
    else:
        names = ("read", "applied", "duplicates", "gaps", "parked", "quarantined")
        click.echo(f"{by} has read {topic} again: {', '.join(f'{name} {found[name]}' for name in names)}.")
    if found["state"] == "stopped":
        raise Ended("It stopped: too many patients' events fail. See docs/runbooks/stopped-partition.md.", REFUSED)


def _only_consumer(topic: str) -> str:
    consumers = consumers_of(topic)
    if len(consumers) > 1:
        raise click.UsageError(f"{topic} has several consumers: say --service {' or --service '.join(consumers)}.")
    return consumers[0]


def _wait(who: Operator, service: str, found: dict[str, Any]) -> dict[str, Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    told, since = False, monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading again", total=None)
        while found["state"] in {"waiting", "running"}:
            try:
                time.sleep(_POLL_SECONDS)
                found = who.ask(f"/{service}/v1/replays/{found['replay_id']}")
            except KeyboardInterrupt:
                raise Ended(f"It goes on without you: {_says_how_far(service, found)}", REFUSED) from None
            progress.update(task, total=found["read"] + found["left"] or None, completed=found["read"])
            if not told and found["state"] == "waiting" and monotonic() - since > _BEGINS_WITHIN_SECONDS:
                told = True
                progress.console.print(
                    f"{service}'s worker has not begun: it is away, has stopped reading this topic, or does another "
                    "replay first. `events lag` says how it stands.",
                    soft_wrap=True,
                )
    return found


def _says_how_far(service: str, found: dict[str, Any]) -> str:
    return f"GET /{service}/v1/replays/{found['replay_id']} says how far it is."


def _show_standing(found: list[dict[str, Any]]) -> None:
    consumers = [consumer for standing in found for consumer in standing["consumers"]]
    show(
        *("topic", "consumer", "lag", "behind for", "last hour", "per minute", "duplicates", "state"),
        rows=[
            (
                consumer["topic"],
                consumer["consumer"],
                _known(consumer["lag_records"]),
                "?" if consumer["lag_seconds"] is None else words(timedelta(seconds=consumer["lag_seconds"])),
                str(consumer["applied_last_hour"]),
                str(consumer["applied_last_minute"]),
                str(consumer["duplicates_last_hour"]),
                consumer["state"],
            )
            for consumer in consumers
        ],
    )
    click.echo()
    show(
        *("service", "outbox", "oldest", "state", "parked", "dead", "quarantined"),
        rows=[
            (
                standing["service"],
                str(standing["outbox"]["rows"]),
                _oldest(standing["outbox"]),
                standing["outbox"]["state"],
                str(standing["parked"]["keys"]),
                str(standing["parked"]["dead"]),
                str(standing["quarantined"]),
            )
            for standing in found
        ],
    )
    for problem in (problem for standing in found for problem in standing["problems"]):
        click.echo(f"\n{problem['what']} {problem['next_step']} (docs/runbooks/{problem['runbook']}.md)")


def _oldest(outbox: dict[str, Any]) -> str:
    return words(timedelta(seconds=outbox["oldest_seconds"])) if outbox["rows"] else "none"


def _known(number: int | None) -> str:
    return "?" if number is None else str(number)


def _show_records(records: list[dict[str, Any]], as_json: bool) -> None:
    for record in records:
        if as_json:
            click.echo(json.dumps(record))
            continue
        place = f"{record['topic']}/{record['partition']}@{record['offset']}"
        if not record["readable"]:
            click.echo(f"{place:32} unreadable: {record['unreadable_reason']}")
            continue
        told = f"{record['key']} seq {record['key_seq']:<5} {record['event_id']} {record['type']} {record['site_id']}"
        click.echo(f"{place:32} {told}")
