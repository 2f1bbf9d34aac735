"""Delivers notifications to the log: the only channel there is until a clinic connects a sender of its own."""

from services.integration.store import notifications
from services.integration.store.tables import NotificationRow
from services.integration.use_cases.deliver_notifications import deliver_notifications
from shared.messaging.jobs import Job
from shared.observability.logging import get_logger

_log = get_logger(__name__)


def job() -> Job:
    return Job(
        name="deliver-notifications",
        next_due=lambda uow: notifications.next_at(uow.session),
        run=lambda uow, now: deliver_notifications(uow, channel=to_log, now=now),
    )


def to_log(notification: NotificationRow) -> None:
    """Ids and codes only: neither who it is for nor what it asks."""
    _log.info(
        "notification delivered",
        channel="log",
        notification_id=str(notification.notification_id),
        kind=notification.kind.value,
        site_id=notification.site_id,
    )
