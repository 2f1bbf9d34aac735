"""A full day at a large site, made through the API as its people would: 120 sessions, 40 of them in recovery; or a
smaller one of the same kinds.

with full_day(folder) as house: …
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.console.care import HEARD, Care, Visit, book, no_concern, open_course, register, well
from services.console.client import Clinics
from shared.launch.settings import DEMO_SITES
from tests.e2e.running import RunningHouse

OPENS = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # a Monday, 08:00 in New York
PART = 40
_MINUTE = timedelta(minutes=1)
_BASELINE = {"systolic_mmhg": 122, "diastolic_mmhg": 78, "heart_rate_bpm": 70, "spo2_percent": 98}
_GIVEN = ("Ada", "Ben", "Chloe", "Daniel", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonah")
_FAMILY = (
    *("Amadi", "Bergström", "Castellano", "Dubé", "Eriksen", "Fontaine"),
    *("Guerra", "Haddad", "Ivanova", "Jimenez", "Kowalczyk", "Lindqvist"),
)
_PRODUCTS = ("ketamine-iv", "esketamine-nasal", "ketamine-im", "ketamine-oral")
# what a quarter of those in recovery show at their last look
_SEEN: tuple[dict[str, object], ...] = (
    {},
    {"moaas": 4},
    {"systolic_mmhg": 171, "diastolic_mmhg": 102},
    {"nausea_0_10": 6},
)


@contextmanager
def full_day(folder: Path, part: int = PART) -> Iterator[RunningHouse]:
    """`part` people have left, as many are in recovery, as many are to come."""
    sites = json.loads(DEMO_SITES.read_text())
    sites["sites"][0]["chairs"] = [{"chair_id": f"r{n}", "name": f"R{n}"} for n in range(1, part + 11)]
    (folder / "sites.json").write_text(json.dumps(sites))
    options = ("--empty", "--at", OPENS.isoformat(), "--speed", "0")
    environ = {"AFTERGLOW_SITES": str(folder / "sites.json")}
    with RunningHouse(folder / "data", *options, environ=environ) as house:
        clinics = Clinics(house.origin, house.data / "keys")
        _Day(clinics, part).is_made()
        clinics.close()
        yield house


class _Day:
    def __init__(self, clinics: Clinics, part: int) -> None:
        self.clinics, self.care, self.part = clinics, Care(clinics, "riverside"), part

    def is_made(self) -> None:
        left = self._each(0, lambda n: self._booked(n, chair=n, at=OPENS, minutes=120))
        self._dosed(left, OPENS)
        for minutes in (115, 129):
            self._at(minutes)
            self._all(left, lambda visit: visit.observe(well(self.clinics.now()), self.clinics.now()))
        self._all(left, self._settled)
        self._at(131)
        self._all(left, lambda visit: visit.release())

        began = OPENS + 140 * _MINUTE
        here = self._each(self.part, lambda n: self._booked(n, chair=n - self.part, at=began, minutes=150))
        self._dosed(here, began)
        self._at(175)
        self._all(here, lambda visit: visit.observe(well(self.clinics.now()), "first"))
        self._each(2 * self.part, self._to_come)
        self._at(205)
        self._all(here[: self.part // 2], lambda visit: visit.observe(_seen(visit, self.clinics.now()), "second"))
        self._at(212)

    def _booked(self, n: int, *, chair: int, at: datetime, minutes: int) -> Visit:
        key = f"full-day-{n}"
        person = {
            "family_name": _FAMILY[n % len(_FAMILY)],
            "given_name": _GIVEN[(n // len(_FAMILY)) % len(_GIVEN)],
            "birth_date": f"{1950 + n % 55}-0{1 + n % 9}-1{n % 10}",
            "phone": f"(212) 555-{n:04d}",
        }
        patient = register(self.care, key, person)
        product = _PRODUCTS[n % len(_PRODUCTS)]
        course = open_course(self.care, key, patient, product=product, planned=6, indication="depression")
        name = f"r{chair + 1}"
        return book(self.care, key, patient, course, chair=name, at=at, minutes=minutes, kind="induction")

    def _dosed(self, visits: list[Visit], began: datetime) -> None:
        self.clinics.move_clock(began)
        self._all(visits, self._started)
        self.clinics.move_clock(began + 10 * _MINUTE)
        self._all(visits, lambda visit: visit.complete({"dose_mg": 40, "lot": "DAY-1"}))

    def _started(self, visit: Visit) -> None:
        visit.bring(self._escort())
        visit.check_in()
        visit.start(_BASELINE)

    def _settled(self, visit: Visit) -> None:
        here = {"kind": "escort", "name": "Robin Walker", "phone": None, "present": True, "identified_by": "photo ID"}
        visit.settle(transport=here, instructions=HEARD, risk=no_concern(self.clinics.now()))

    def _to_come(self, n: int) -> Visit:
        """Those of the afternoon: some are here, some have nobody to take them home."""
        visit = self._booked(n, chair=n - 2 * self.part, at=OPENS + timedelta(minutes=300 + 5 * (n % 12)), minutes=120)
        if n % 5:
            visit.bring(
                self._escort() | ({} if n % 7 else {"confirmed_at": None}) | ({} if n % 11 else {"adult": False})
            )
        if not n % 8:
            visit.check_in()
        return visit

    def _escort(self) -> dict[str, object]:
        now = self.clinics.now()
        return {
            "kind": "escort",
            "name": "Robin Walker",
            "phone": "(212) 555-0196",
            "relationship": "sibling",
            "adult": True,
            "confirmed_at": now.isoformat(),
            "arrives_at": (now + timedelta(hours=3)).isoformat(),
        }

    def _at(self, minutes: int) -> None:
        self.clinics.move_clock(OPENS + minutes * _MINUTE)

    def _each(self, first: int, act: Callable[[int], Visit]) -> list[Visit]:
        with ThreadPoolExecutor(max_workers=4) as people:
            return list(people.map(act, range(first, first + self.part)))

    def _all(self, visits: list[Visit], act: Callable[[Visit], None]) -> None:
        with ThreadPoolExecutor(max_workers=4) as people:
            list(people.map(act, visits))


def _seen(visit: Visit, now: datetime) -> dict[str, object]:
    return well(now, **_SEEN[int(visit.key.rpartition("-")[2]) % len(_SEEN)])
