"""The driving restriction in words, for the patient and whoever drives them. It never promises anything."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.discharge.domain.policies.driving_restriction import Restriction, SleepAttestation, is_enough, night_start
from services.discharge.domain.policies.driving_rules import DrivingRules
from services.discharge.domain.states import RestrictionState

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def explain(
    restriction: Restriction,
    *,
    anchor: datetime,
    calculated: datetime,
    counting: SleepAttestation | None,
    zone: ZoneInfo,
    rules: DrivingRules,
) -> str:
    """Sentences that say when and why. `calculated` is the earliest end from today's facts alone, without its floor."""
    earliest = local_words(restriction.earliest_end_at, zone)
    sentences = [_opening(restriction, earliest, zone)]
    if restriction.state is not RestrictionState.ENDED:
        sentences.append(_why(anchor, calculated, zone, rules))
        if restriction.earliest_end_at > calculated:
            sentences.append("A later time was said before, and a restriction never moves earlier.")
        sentences.append(
            f"It ends only with the patient’s word, at that time or later: they slept at least {rules.slept_hours:g} "
            "hours, feel rested and have no symptoms."
        )
    if restriction.state is RestrictionState.UNCONFIRMED and counting is not None and not is_enough(counting, rules):
        sentences.append("The last word on sleep did not meet all three.")
    return " ".join(sentences)


def local_words(instant: datetime, zone: ZoneInfo) -> str:
    """ "07:40 EST on Thursday 12 March 2026"."""
    # rounded up to the minute: words must not name an earlier time than the rule
    whole = instant if instant.second == instant.microsecond == 0 else instant + timedelta(minutes=1)
    local = whole.astimezone(zone)
    return (
        f"{local:%H:%M} {local.tzname() or ''} on {_DAYS[local.weekday()]} {local.day} "
        f"{_MONTHS[local.month - 1]} {local.year}"
    )


def _opening(restriction: Restriction, earliest: str, zone: ZoneInfo) -> str:
    match restriction.state:
        case RestrictionState.PROVISIONAL:
            return f"The patient has not left yet. As it stands, no driving and no machinery before {earliest}."
        case RestrictionState.IN_FORCE:
            return f"No driving and no machinery before {earliest}."
        case RestrictionState.UNCONFIRMED:
            return f"The earliest end, {earliest}, has passed, but no word on sleep has ended the restriction."
        case RestrictionState.ENDED:
            ended = restriction.ends_at or restriction.earliest_end_at
            return f"The restriction ended at {local_words(ended, zone)}, with the patient’s word on sleep."


def _why(anchor: datetime, calculated: datetime, zone: ZoneInfo, rules: DrivingRules) -> str:
    night = night_start(anchor, zone, rules)
    hours = rules.night.total_seconds() / 3600
    told = (
        f"The night counts from {local_words(night, zone)}; {hours:g} elapsed hours must pass, and the morning of the "
        f"next day must have reached {rules.morning:%H:%M} local time"
    )
    if rules.at_least is not None:
        told += f", and this site asks for {rules.at_least.total_seconds() / 3600:g} elapsed hours after leaving"
    return told + "."
