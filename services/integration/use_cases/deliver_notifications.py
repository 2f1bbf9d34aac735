"""Delivers notifications through a channel and marks each as delivered."""

from collections.abc import Callable
from datetime import datetime

from services.integration.store import notifications
from services.integration.store.tables import NotificationRow
from shared.store.unit_of_work import UnitOfWork

_AT_ONCE = 200

Channel = Callable[[NotificationRow], None]


def deliver_notifications(uow: UnitOfWork, *, channel: Channel, now: datetime) -> None:
    """Give up to 200 waiting notifications to `channel`, the longest waiting first.

    A crash between channel and commit delivers again with the same `notification_id`, by which a channel must know it.
    """
    for notification in notifications.to_deliver(uow.session, now=now, limit=_AT_ONCE):
        channel(notification)
        notification.deliver_at, notification.delivered_at = None, now
