"""Symptoms that a few hours should have ended. Source: docs/clinical/release.md."""

from services.discharge.domain.recovery import Recovery


def needs_a_clinician(recovery: Recovery) -> bool:
    """Whether a patient still here after the rules' hours has symptoms, or nobody has charted that none are left."""
    symptoms = recovery.latest("symptoms")
    nausea = recovery.latest("nausea_0_10")
    if symptoms is None or nausea is None:
        return True
    return nausea[1] > 0 or any(symptom.grade > 0 for symptom in symptoms[1])
