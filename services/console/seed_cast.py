"""The demo's plainly fictional people: who they are, what came before today, and where they stand this morning.

Days count back from the morning, minutes from its instant (negative: before). Phones are from the range 555-01xx that
is kept for fiction.
"""

from dataclasses import dataclass
from enum import StrEnum


class Ready(StrEnum):
    """What of leaving is settled for somebody in a recovery chair."""

    NOTHING = "nothing"
    ALL_BUT_ESCORT = "all-but-escort"
    ALL_BUT_RISK_CHECK = "all-but-risk-check"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Escort:
    """Who takes them home. `confirmed` None: nobody has their word; `arrives` None: they haven't said when."""

    name: str
    relationship: str | None = None
    phone: str
    adult: bool = True
    confirmed: int | None = -60
    arrives: int | None = 180

    @property
    def kind(self) -> str:
        return "contracted-ride" if self.relationship is None else "escort"


@dataclass(frozen=True)
class Reading:
    """What was seen at `minute`. `pressure` None: not measured. `moaas` 5 is fully awake, and then all else is well."""

    minute: int
    pressure: tuple[int, int] | None
    moaas: int = 5
    spo2: int = 98


@dataclass(frozen=True, kw_only=True)
class Today:
    """This morning's session. Each step is the minute it happened, None when it hasn't yet."""

    starts: int
    chair: str
    kind: str = "induction"
    minutes: int = 180
    escort: Escort | None
    arrived: int | None = None
    started: int | None = None
    dosed: tuple[int, int] | None = None
    baseline: tuple[int, int] = (122, 78)
    readings: tuple[Reading, ...] = ()
    ready: Ready = Ready.NOTHING
    left: int | None = None


@dataclass(frozen=True, kw_only=True)
class Journal:
    """Written `hours` after the dose of the session `days` ago."""

    days: int
    hours: int
    practice: str = "journal"
    sharing: str = "private"
    text: str | None
    mood: int
    contact: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call for a booster, and what came of it. `back`: the minute for which a call back was asked."""

    days: int
    outcome: str
    by: str | None = None
    reason: str | None = None
    back: int | None = None


@dataclass(frozen=True, kw_only=True)
class Snoozed:
    """Since `days` ago, until that many days `ahead` of the morning."""

    days: int
    ahead: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """One patient. `scores` are (days ago, PHQ-9 total, its item 9); `slept` False: no word on the last night;
    `not_talked`: the days of sessions without psychotherapy in their window."""

    name: str
    born: str
    phone: str
    product: str = "ketamine-iv"
    indication: str = "depression"
    planned: int = 6
    before: tuple[int, ...] = ()
    boosters: tuple[int, ...] = ()
    scores: tuple[tuple[int, int, int], ...] = ()
    journals: tuple[Journal, ...] = ()
    today: Today | None = None
    ahead: tuple[int, ...] = ()
    slept: bool = True
    not_talked: tuple[int, ...] = ()
    calls: tuple[Call, ...] = ()
    snoozed: Snoozed | None = None

    @property
    def given_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def family_name(self) -> str:
        return self.name.partition(" ")[2]


RESPONSE = 8
"""A PHQ-9 that answers a baseline of 18 without remission: a first interval of 28 days."""
REMISSION = 4
"""One in remission: a first interval of 42 days."""


def induced(first: int, last: int, after: int) -> tuple[tuple[int, int, int], ...]:
    """A baseline of 18 on the `first` day, and `after` on the `last`."""
    return ((first, 18, 0), (last, after, 0))
