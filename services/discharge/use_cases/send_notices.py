"""Send the words that wait to go out. The one channel today is the log; a sender of letters or pages comes later."""

from datetime import datetime

from services.discharge.store.due import unsent
from shared.observability.logging import get_logger
from shared.store.unit_of_work import UnitOfWork

_log = get_logger(__name__)


def send_notices(uow: UnitOfWork, *, now: datetime) -> None:
    """Each once: what is sent is marked in the same transaction."""
    for notice in unsent(uow.session, now=now):
        notice.sent_at = now
        _log.info(
            "notice sent",
            notice_id=str(notice.notice_id),
            session_id=str(notice.session_id),
            site_id=notice.site_id,
            kind=notice.kind.value,
        )
    uow.session.flush()
