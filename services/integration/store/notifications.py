"""Queries about notifications: effects outside that wait for their delivery."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.integration.store.tables import NotificationRow


def next_at(session: Session) -> datetime | None:
    return session.execute(select(func.min(NotificationRow.deliver_at))).scalar_one()


def to_deliver(session: Session, *, now: datetime, limit: int) -> list[NotificationRow]:
    query = (
        select(NotificationRow)
        .where(NotificationRow.deliver_at <= now)
        .order_by(NotificationRow.deliver_at, NotificationRow.notification_id)
        .limit(limit)
        .with_for_update()
    )
    return list(session.scalars(query))
