"""Work that falls due by the clinic's clock: what a job is, and how a due one is run."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from shared.kernel.ids import new_id
from shared.kernel.people import the_service
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Job:
    """`next_due` is the earliest instant with work to do, None for none. `run` does what is due at `now` (inclusive),
    a bounded number of records at a time, safe to repeat, and makes `next_due` move past what it did."""

    name: str
    next_due: Callable[[UnitOfWork], datetime | None]
    run: Callable[[UnitOfWork, datetime], None]


def due_at(job: Job, service: str, engine: Engine) -> datetime | None:
    """When the job has work, read without locking anything."""
    with UnitOfWork(engine, actor=the_service(service), correlation_id="", read_only=True) as uow:
        return job.next_due(uow)


def run_once(job: Job, service: str, engine: Engine, *, now: datetime) -> datetime | None:
    """Run the job in one transaction if it is due at `now`; the instant that was due, or None when there was nothing.

    Two processes never run the same job at the same time: what is due is read again under the job's lock.
    """
    with UnitOfWork(engine, actor=the_service(service), correlation_id=str(new_id())) as uow:
        if uow.session.get_bind().dialect.name == "postgresql":
            lock = func.pg_try_advisory_xact_lock(zlib.crc32(f"job {job.name}".encode()))
            if not uow.session.scalar(select(lock)):
                return None
        due = job.next_due(uow)
        if due is None or due > now:
            return None
        job.run(uow, now)
        return due
