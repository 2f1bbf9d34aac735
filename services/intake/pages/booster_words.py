"""How calls for boosters read at the desk. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.intake.domain.calls import CallOutcome, CallReason, SnoozeReason, Standing, TaskKind
from services.intake.use_cases.show_boosters import BoosterLine
from shared.web.pages.words import clock, count, day

# in the form's order: what it is called, and what it does to the list
OUTCOMES = {
    CallOutcome.BOOKED: ("Booked", "opens the booking for this patient"),
    CallOutcome.NO_ANSWER: ("No answer", "stays on the list, call again in {no_answer}"),
    CallOutcome.LEFT_MESSAGE: ("Left a message", "stays on the list, call again in {message}"),
    CallOutcome.CALL_BACK_LATER: ("Call back later", "comes back at the time you give"),
    CallOutcome.NOT_NOW: ("Does not want it now", "asks for a reason; the prescriber is told"),
    CallOutcome.WANTS_CLINICIAN: ("Wants to talk to a clinician", "a clinician gets a task today"),
    CallOutcome.WRONG_NUMBER: ("Wrong number", "asks for a new one"),
    CallOutcome.NO_LONGER_PATIENT: ("No longer a patient here", "asks for a reason; a manager confirms"),
}
REASONS = {
    CallReason.AT_WORK: "At work during clinic hours",
    CallReason.CARING: "Looking after somebody",
    CallReason.AWAY: "Away from home",
    CallReason.NO_NEED: "Sees no need now",
    CallReason.NO_TIME: "No time for it",
    CallReason.COST: "Cost or insurance",
    CallReason.NO_WAY_HOME: "Nobody to take them home",
    CallReason.MOVED: "Moved away",
    CallReason.ELSEWHERE: "Treated elsewhere",
    CallReason.ENDED: "Has ended treatment",
    CallReason.DIED: "Has died",
    CallReason.OTHER: "Another reason",
}
SNOOZES = {
    SnoozeReason.TRAVELLING: "Travelling",
    SnoozeReason.AT_WORK: "At work during clinic hours",
    SnoozeReason.ASKED_TO_WAIT: "Asked to be called later",
    SnoozeReason.INSURANCE: "Waiting for the insurance",
    SnoozeReason.NO_WAY_HOME: "Nobody to take them home",
    SnoozeReason.OTHER: "Another reason",
}
TASKS = {
    TaskKind.TALK: "Wants to talk to a clinician",
    TaskKind.DECLINED: "Does not want it now",
    TaskKind.LEAVING: "No longer a patient here",
}


def overdue_words(days: int) -> str:
    """ "41 days overdue", "Due today", "Due tomorrow", "Due in 7 days"."""
    if days > 0:
        return f"{count(days, 'day')} overdue"
    return {0: "Due today", -1: "Due tomorrow"}.get(days, f"Due in {-days} days")


def contact_words(line: BoosterLine, zone: ZoneInfo, today: date) -> str:
    """What happened last, in a few words."""
    if line.standing is Standing.HELD:
        return "Don’t call: clinician in contact"
    if line.standing is Standing.SNOOZED and line.contact.snooze is not None:
        return SNOOZES[line.contact.snooze.reason]
    last = line.contact.last
    if last is None:
        return "Nobody has called yet"
    if last.outcome is CallOutcome.CALL_BACK_LATER and last.call_from is not None:
        return f"Asked for a call after {_time_words(last.call_from, zone, today)}"
    if last.outcome is CallOutcome.BOOKED:
        return "Booked, but no session stands now"
    if last.outcome is CallOutcome.WRONG_NUMBER:
        return "Wrong number: find a new one" if line.number_is_wrong else "Wrong number, changed since"
    return OUTCOMES[last.outcome][0]


def contact_source(line: BoosterLine, zone: ZoneInfo) -> str:
    """Since when, or when and by whom; empty when nobody did anything."""
    if line.standing is Standing.HELD:
        return f"since {day(line.row.held_at, zone)}" if line.row.held_at else ""
    snooze, last = line.contact.snooze, line.contact.last
    if line.standing is Standing.SNOOZED and snooze is not None:
        return f"{day(snooze.snoozed_at, zone)}, {snooze.snoozed_by_name}"
    return f"{day(last.made_at, zone)}, {last.made_by_name}" if last else ""


def _time_words(at: datetime, zone: ZoneInfo, today: date) -> str:
    local = at.astimezone(zone).date()
    return f"{clock(at, zone)} today" if local == today else f"{clock(at, zone)} on {day(at, zone)}"
