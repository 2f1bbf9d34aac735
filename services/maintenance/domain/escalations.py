"""What a person must look at: kinds, states, and why."""

from enum import StrEnum


class EscalationKind(StrEnum):
    """Operational codes; which answer or score stands behind one is in the chart, not here."""

    SUICIDE_RISK = "suicide-risk"
    SUICIDE_RISK_REVIEW = "suicide-risk-review"
    PRESCRIBER_REVIEW = "prescriber-review"
    WORSENING_REVIEW = "worsening-review"
    RELAPSE = "relapse"
    CONTACT_REQUESTED = "contact-requested"


class EscalationState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
