"""When a patient may drive again. Source: docs/clinical/driving-restriction.md.

"Elapsed" is real UTC time; local times are those of the zone where the patient sleeps tonight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.discharge.domain.policies.driving_rules import DrivingRules
from services.discharge.domain.states import RestrictionState


@dataclass(frozen=True, slots=True)
class SleepAttestation:
    """The patient's word on the night, at the instant it was given."""

    attested_at: datetime
    slept_hours: float
    rested: bool
    symptom_free: bool


@dataclass(frozen=True, slots=True)
class Restriction:
    """`ends_at` is None until an attestation ends it."""

    state: RestrictionState
    earliest_end_at: datetime
    ends_at: datetime | None


def anchor_of(administration_ended_at: datetime, left_at: datetime | None) -> datetime:
    """The later of administration end and leaving; before leaving, administration end."""
    return administration_ended_at if left_at is None else max(administration_ended_at, left_at)


def night_start(anchor: datetime, zone: ZoneInfo, rules: DrivingRules) -> datetime:
    """The anchor when it falls before the local morning, else the later of it and that day's `night_begins`, in UTC."""
    local = anchor.astimezone(zone)
    if local.time() < rules.morning:
        return anchor.astimezone(UTC)
    return max(anchor.astimezone(UTC), local_instant(local.date(), rules.night_begins, zone))


def earliest_end(
    *, administration_started_at: datetime, anchor: datetime, zone: ZoneInfo, rules: DrivingRules
) -> datetime:
    """The earliest instant, in UTC, at which the patient may drive, if they then say that they slept and are well.

    The latest of: the night's elapsed hours after it starts; the first local morning after the anchor on a local date
    after administration start's; and `rules.at_least` elapsed since the anchor where a site has that policy.
    """
    ends = [
        night_start(anchor, zone, rules) + rules.night,
        _first_morning(administration_started_at, anchor, zone, rules),
    ]
    if rules.at_least is not None:
        ends.append(anchor.astimezone(UTC) + rules.at_least)
    return max(ends)


def moved(earliest_end_at: datetime, again: datetime) -> datetime:
    """Later facts move the earliest end later, never earlier."""
    return max(earliest_end_at, again)


def counting_attestation(
    attestations: Sequence[SleepAttestation], earliest_end_at: datetime
) -> SleepAttestation | None:
    """The latest given at or after the earliest end; earlier ones are kept and don't count.

    `attestations` are in the order they were given; of two at one instant the later given is the latest.
    """
    counting = None
    for attestation in attestations:
        if attestation.attested_at < earliest_end_at:
            continue
        if counting is None or attestation.attested_at >= counting.attested_at:
            counting = attestation
    return counting


def is_enough(attestation: SleepAttestation, rules: DrivingRules) -> bool:
    """Slept long enough (inclusive), feels rested, and has no symptoms: all three."""
    return attestation.slept_hours >= rules.slept_hours and attestation.rested and attestation.symptom_free


def restriction(
    *,
    has_left: bool,
    earliest_end_at: datetime,
    attestations: Sequence[SleepAttestation],
    rules: DrivingRules,
    now: datetime,
) -> Restriction:
    """How the restriction stands at `now`: derived each time, so that one that moves later is in force again."""
    if not has_left:
        return Restriction(RestrictionState.PROVISIONAL, earliest_end_at, None)
    if now < earliest_end_at:
        return Restriction(RestrictionState.IN_FORCE, earliest_end_at, None)
    counting = counting_attestation(attestations, earliest_end_at)
    if counting is None or not is_enough(counting, rules):
        return Restriction(RestrictionState.UNCONFIRMED, earliest_end_at, None)
    return Restriction(RestrictionState.ENDED, earliest_end_at, max(earliest_end_at, counting.attested_at))


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show `at` on `day`.

    Shown twice that day: the later one. Skipped that day: the instant as far after the skip as `at` is into it.
    """
    local = datetime.combine(day, at, zone)
    return max(local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC))


def _first_morning(started_at: datetime, anchor: datetime, zone: ZoneInfo, rules: DrivingRules) -> datetime:
    after = started_at.astimezone(zone).date()
    day = max(anchor.astimezone(zone).date(), after + timedelta(days=1))
    morning = local_instant(day, rules.morning, zone)
    while morning <= anchor:
        day += timedelta(days=1)
        morning = local_instant(day, rules.morning, zone)
    return morning
