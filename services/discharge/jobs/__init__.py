"""Work of discharge that falls due by the clinic's clock."""

from services.discharge.deps import Deps
from services.discharge.jobs import notices, sleep, symptoms
from shared.messaging.jobs import Job


def jobs(deps: Deps) -> tuple[Job, ...]:
    return (symptoms.lasting_symptoms(), sleep.reminders(), sleep.staff_tasks(), notices.outgoing())
