"""Words that go out are sent after the commit that wrote them, once each."""

from datetime import datetime

from services.discharge.store.due import first_unsent
from services.discharge.use_cases.send_notices import send_notices
from shared.messaging.jobs import Job
from shared.store.unit_of_work import UnitOfWork


def outgoing() -> Job:
    return Job(name="outgoing-notices", next_due=_next_due, run=_run)


def _next_due(uow: UnitOfWork) -> datetime | None:
    return first_unsent(uow.session)


def _run(uow: UnitOfWork, now: datetime) -> None:
    send_notices(uow, now=now)
