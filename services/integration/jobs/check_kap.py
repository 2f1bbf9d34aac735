"""Looks whether a KAP slot stood in each window, as it closes."""

from services.integration.store import windows
from services.integration.use_cases.check_kap import check_kap
from shared.messaging.jobs import Job


def job() -> Job:
    return Job(
        name="check-kap",
        next_due=lambda uow: windows.next_kap_check_at(uow.session),
        run=lambda uow, now: check_kap(uow, now=now),
    )
