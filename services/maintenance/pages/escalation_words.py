"""What each kind of escalation says to whoever must look, worst first."""

from dataclasses import dataclass

from services.maintenance.domain.escalations import EscalationKind


@dataclass(frozen=True, slots=True)
class KindWords:
    """`asks` is the next step in words; `tone` is the row's edge while it is open."""

    words: str
    asks: str
    tone: str
    glyph: str


# in the order in which they are worked through
KINDS = {
    EscalationKind.SUICIDE_RISK: KindWords(
        "Suicide risk: an answer of 2 or 3",
        "Speak with the patient now, and see that somebody does so today. Boosters are on hold until resolved.",
        "stop",
        "alert-octagon",
    ),
    EscalationKind.SUICIDE_RISK_REVIEW: KindWords(
        "Suicide risk: an answer of 1",
        "Look at the answers and speak with the patient within the day.",
        "warn",
        "alert-triangle",
    ),
    EscalationKind.CONTACT_REQUESTED: KindWords(
        "Wants to talk to someone", "Call the patient; they asked for it in a journal.", "warn", "phone-call"
    ),
    EscalationKind.RELAPSE: KindWords(
        "Relapse: two high scores",
        "Look at the plan with the patient; the interval is at 28 days.",
        "warn",
        "chart-line",
    ),
    EscalationKind.WORSENING_REVIEW: KindWords(
        "Scores worsened", "Look at the plan; the interval was set to 28 days.", "warn", "chart-line"
    ),
    EscalationKind.PRESCRIBER_REVIEW: KindWords(
        "Prescriber decides the interval", "Open the plan and set an interval, or say why not.", "warn", "stethoscope"
    ),
}
