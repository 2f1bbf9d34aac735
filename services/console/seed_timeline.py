"""Plays acts in the order of the demo's clock: each instant once, the sites side by side, a site's acts in order."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from services.console.care import Care
from services.console.client import Clinics

Act = Callable[[], None]


class Timeline:
    """What is to happen, by instant and site."""

    def __init__(self) -> None:
        self._acts: defaultdict[datetime, defaultdict[str, list[Act]]] = defaultdict(lambda: defaultdict(list))

    def add(self, at: datetime, site_id: str, act: Act) -> None:
        self._acts[at][site_id].append(act)

    def instants(self) -> list[datetime]:
        return sorted(self._acts)

    def play(self, clinics: Clinics, cares: Mapping[str, Care]) -> None:
        """Play all of it. Safe to repeat after an interruption: instants that lie behind the clock are gone through
        again, which changes nothing that was done, and moves no clock."""
        resumed_at = clinics.now()
        with ThreadPoolExecutor(max_workers=len(cares)) as desks:
            for at in self.instants():
                for care in cares.values():
                    care.replaying = at <= resumed_at
                if at > resumed_at:
                    clinics.move_clock(at)
                working = [desks.submit(_each, acts) for acts in self._acts[at].values()]
                for site in working:
                    site.result()


def _each(acts: list[Act]) -> None:
    for act in acts:
        act()
