"""What a worker's `/readyz` and doctor say: each check with a sentence that a person on call can use."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.messaging.consumer import WATCHDOG_SECONDS, Consumer
from shared.messaging.log import EventLog
from shared.messaging.relay import Relay
from shared.store.engine import READ_ONLY

# an outbox row that waits as long (inclusive) is told of, here and on the Operations page
OUTBOX_PATIENCE = timedelta(seconds=60)


class Check(NamedTuple):
    name: str
    ok: bool
    message: str


def check_worker(
    engine: Engine, log: EventLog, relay: Relay, consumer: Consumer, loop_failures: Mapping[str, str]
) -> list[Check]:
    """Never raises."""
    database = check_database(engine)
    checks = [database, check_log(log)]
    if database.ok:
        checks.append(_check_outbox(relay))
    checks.append(_check_consumer(consumer))
    failing = ", ".join(f"{loop} ({reason})" for loop, reason in sorted(dict(loop_failures).items()))
    checks.append(Check("loops", not failing, f"failing just now: {failing}" if failing else "working"))
    return checks


def check_database(engine: Engine) -> Check:
    try:
        with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return Check("database", False, f"The database doesn't answer ({type(error).__name__}).")
    return Check("database", True, "answers")


def check_log(log: EventLog) -> Check:
    away = log.away()
    if away is None:
        return Check("events", True, "answers")
    return Check("events", False, f"T{away.words[1:]}; facts wait in the outbox and none is lost.")


def _check_outbox(relay: Relay) -> Check:
    try:
        pending = relay.pending()
    except SQLAlchemyError as error:
        return Check("outbox", False, f"The outbox can't be read ({type(error).__name__}).")
    if pending.age >= OUTBOX_PATIENCE:
        message = f"{pending.rows} facts wait to be announced, the oldest for {pending.age.total_seconds():.0f} s."
        return Check("outbox", False, message)
    return Check("outbox", True, "flowing")


def _check_consumer(consumer: Consumer) -> Check:
    if consumer.stopped:
        topics = ", ".join(sorted(consumer.stopped_topics))
        return Check("consumer", False, f"This release fails for too many patients and stopped reading: {topics}.")
    if consumer.away is not None:
        return Check("consumer", False, f"Reading pauses because {consumer.away.words}.")
    if consumer.seconds_without_progress >= WATCHDOG_SECONDS:
        return Check("consumer", False, f"Nothing was read for {WATCHDOG_SECONDS:.0f} s though there is something.")
    return Check("consumer", True, "reading")
