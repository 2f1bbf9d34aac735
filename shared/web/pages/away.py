"""What a reader is told while a service is away: what can't be done, and what still can.

The gateway says the same where a service doesn't answer at all (deploy/gateway/away.html; a test compares them).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Away:
    words: str
    still: str


AWAY = {
    "intake": Away(
        "Today, patients, booking and boosters can’t be reached right now.",
        "Recovery, Windows, To do and Escalations still work for as long as you are signed in; they show chair and "
        "session time in place of names.",
    ),
    "discharge": Away(
        "Recovery, leaving and driving restrictions can’t be reached right now.",
        "Today, Windows, Boosters and Escalations still work. Stay with whoever is in recovery, write readings on "
        "paper and chart them afterwards; nobody leaves on the word of an old page.",
    ),
    "integration": Away(
        "Windows, journals and psychotherapy can’t be reached right now.",
        "Today, Recovery, Boosters and Escalations still work.",
    ),
    "maintenance": Away(
        "Plans, scores and escalations can’t be reached right now.",
        "Today, Recovery, Windows and Boosters still work. Call the prescriber on call about anybody you worry about: "
        "a new escalation can’t be seen here.",
    ),
}
