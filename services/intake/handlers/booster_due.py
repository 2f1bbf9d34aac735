"""booster-due: whom to call, or to stop calling."""

from datetime import datetime

from services.intake.deps import Deps
from services.intake.domain.boosters import PlanWord
from services.intake.use_cases.file_booster import FileBooster, file_booster
from shared.contracts.booster_due import BoosterDue
from shared.contracts.registry import Event
from shared.store.unit_of_work import UnitOfWork


def handle(_: Deps, uow: UnitOfWork, event: Event, now: datetime) -> None:
    if not isinstance(event, BoosterDue):
        raise TypeError(f"{type(event).__name__} came on booster-due’s topic")
    command = FileBooster(
        plan_id=event.plan_id,
        cycle=event.cycle,
        patient_id=event.patient_id,
        site_id=event.site_id,
        course_id=event.course_id,
        due_on=event.due_on,
        lead_days=event.lead_days,
        interval_days=event.interval_days,
        reason=event.reason.value,
        word=PlanWord(event.state.value),
        revision=event.revision,
    )
    file_booster(uow, command, now=now)
