"""What nurses and clinicians work in while somebody recovers, and what the desk sees of leaving."""

from services.discharge.pages import aftercare, leaving, patient, recovery, recovery_acts, tasks

PAGES = (
    recovery.blueprint,
    recovery_acts.blueprint,
    leaving.blueprint,
    aftercare.blueprint,
    patient.blueprint,
    tasks.blueprint,
)
