"""`topics`: what the registry asks of the event log, brought about or only compared."""

import os
import sys

import click

from shared.messaging.log import BadLogUrl, BrokerAway
from shared.messaging.provision import open_from, passwords_from
from shared.observability.logging import configure_logging


@click.group(help="The event log's topics, users and rights, as the registry asks for them.")
def topics() -> None:
    pass


@topics.command()
@click.argument("events", default=lambda: os.environ.get("AFTERGLOW_EVENTS", ""))
@click.option("--dry-run", is_flag=True, help="Change nothing: say how the log differs, and exit 3 when it does.")
def apply(events: str, dry_run: bool) -> None:
    """Bring topics, users and rights at EVENTS (kafka://host:port, or AFTERGLOW_EVENTS) to what the registry asks.

    Deletes no record. Needs a user who may: AFTERGLOW_KAFKA_USER, _PASSWORD, _SECURITY. A service's user is made or
    changed when its password is given: AFTERGLOW_<SERVICE>_KAFKA_PASSWORD. Exits 0 when nothing differs, 3 when
    something does (still), 1 when the log is away or refuses us, 2 when the address can't be read.
    """
    configure_logging(level="WARNING")
    try:
        log = open_from(os.environ, events)
    except BadLogUrl as error:
        raise click.UsageError(str(error)) from error
    try:
        left = log.differences() if dry_run else log.provision(passwords_from(os.environ))
    except BrokerAway as away:
        raise click.ClickException(
            f"{events} can't be provisioned: {away.why.words} ({away}); is the broker up, and may AFTERGLOW_KAFKA_USER "
            "do this?"
        ) from away
    finally:
        log.close()
    for difference in left:
        click.echo(f"{'by hand' if difference.by_hand else 'differs'}  {difference.what}")
    number = "1 difference" if len(left) == 1 else f"{len(left)} differences"
    click.echo(f"{number}." if left else "Nothing differs from the registry.")
    sys.exit(3 if left else 0)
