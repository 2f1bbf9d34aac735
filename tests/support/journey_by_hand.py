"""A patient's day as two people do it at two browsers: booked, checked in, dosed, watched, released.

Whoever works it may use a mouse or a keyboard, with script or without; what it needs of time, the demo's clock gives.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from tests.support.browser import Screen
from tests.support.hands import Hand

_MINUTE = timedelta(minutes=1)
_ZONE = ZoneInfo("America/New_York")
_CHECKS = ("Vomiting", "Oriented", "Steady gait", "Fluids tolerated", "Dissociation resolved")
_LIVE_MS = 20_000


class DemoTime(Protocol):
    def now(self) -> datetime: ...

    def move_to(self, instant: datetime) -> None: ...


@dataclass
class Day:
    """`desk` and `nurse` are signed in. The patient's family name is all that tells this day from another's."""

    desk: Screen
    nurse: Screen
    clock: DemoTime
    hand: Hand
    family_name: str
    chair: str = "R10"

    def is_lived(self) -> None:
        self.books()
        self.finds_a_way_home()
        self.checks_in()
        self.starts()
        self.charts_the_dose()
        self.watches()
        self.settles()
        self.releases()

    def books(self) -> None:
        page, hand = self.desk.opens("/intake/today"), self.hand
        hand.press(page.get_by_role("link", name="Book a session"))
        self._write(self.desk, {"Given name": "Avery", "Family name": self.family_name, "Phone": "(212) 555-0197"})
        hand.write_date(page.get_by_label("Born"), "1984-05-04")
        hand.press(page.get_by_role("button", name="Register"))
        hand.write(page.get_by_label("Planned sessions"), "2")
        hand.write(page.get_by_label("Indication"), "depression")
        hand.press(page.get_by_role("button", name="Open the course"))
        hand.pick(page.get_by_label("Chair"), self.chair)
        hand.press(page.get_by_role("button", name="Book", exact=True))
        self._says(self.desk, "is booked")

    def finds_a_way_home(self) -> None:
        page, hand = self.desk.page, self.hand
        hand.press(self._row(self.desk).get_by_role("link", name="Add way home"))
        relation = {"Name": "Robin Walker", "Phone": "(212) 555-0196", "Relation to the patient": "sibling"}
        self._write(self.desk, relation, of="form")
        hand.choose(page.get_by_role("group", name="18 or older").get_by_label("Yes"))
        hand.choose(page.get_by_label("Yes, just now"))
        arrives = (self.clock.now() + timedelta(hours=3)).astimezone(_ZONE)
        hand.write(page.get_by_label("Will be here at"), f"{arrives:%H:%M}")
        hand.press(page.get_by_role("button", name="Save way home"))
        self._says(self.desk, "has a way home")

    def checks_in(self) -> None:
        self.hand.press(self._row(self.desk).get_by_role("button", name="Check in"))
        self._says(self.desk, "is checked in")

    def starts(self) -> None:
        page = self.nurse.opens("/intake/today")
        self.hand.press(self._row(self.nurse).get_by_role("link", name="Start"))
        self._write(self.nurse, {"Systolic": "122", "Diastolic": "78", "Heart rate": "70", "SpO₂": "98"})
        self.hand.press(page.get_by_role("button", name="Start the session"))
        self._says(self.nurse, "has started")

    def charts_the_dose(self) -> None:
        page = self.nurse.page
        self._let_pass(10)
        self.hand.press(self._row(self.nurse).get_by_role("link", name="Chart the dose"))
        self._write(self.nurse, {"Dose": "40", "Lot": "HAND-1"}, of="form")
        self.hand.press(page.get_by_role("button", name="Save the dose"))
        self._says(self.nurse, "is charted")
        self.ended_at = self.clock.now()

    def watches(self) -> None:
        """Two settled readings, the first an hour and three quarters after the dose, as the rule asks."""
        page = self.nurse.page
        self.hand.press(page.get_by_role("link", name="Recovery"))
        self._appears(self._row(self.nurse))
        for minutes in (105, 118):
            self._let_pass_to(self.ended_at + minutes * _MINUTE)
            self._open("Chart")
            self._observe()

    def settles(self) -> None:
        page, hand = self.nurse.page, self.hand
        hand.press(page.get_by_role("button", name="Mark as here"))
        self._says(self.nurse, "The way home is changed")
        hand.press(self._opener("instructions"))
        for who in ("The patient has heard", "The escort has heard"):
            hand.choose(page.get_by_role("group", name=who).get_by_label("Yes"))
        hand.press(self._form("instructions").get_by_role("button", name="Save"))
        self._says(self.nurse, "Who acknowledged the instructions is kept")
        hand.press(self._opener("check"))
        hand.choose(self._form("suicide-risk-check").get_by_label("No concern"))
        hand.press(self._form("suicide-risk-check").get_by_role("button", name="Record the check"))
        self._says(self.nurse, "The suicide-risk check is recorded")

    def releases(self) -> None:
        page = self.nurse.page
        self._let_pass_to(self.ended_at + 121 * _MINUTE)
        self._open("Release")
        self.hand.press(page.get_by_role("button", name="Release", exact=True))
        self._says(self.nurse, "Released")
        self.desk.opens("/intake/today")
        self._appears(self._row(self.desk).filter(has_text="Left"))

    def _observe(self) -> None:
        page, hand = self.nurse.page, self.hand
        self._write(
            self.nurse,
            {"Pressure, upper, mmHg": "124", "Pressure, lower, mmHg": "78", "Heart rate": "72", "SpO₂": "98"},
        )
        hand.choose(self._group("Sedation").get_by_role("radio").first)
        hand.choose(self._group("Nausea").get_by_role("radio").first)
        for check in _CHECKS:
            hand.choose(self._group(check).get_by_label("No" if check == "Vomiting" else "Yes", exact=True))
        hand.press(page.locator("details.scores > summary"))
        for item in page.locator("details.scores fieldset").all():
            hand.choose(item.get_by_role("radio").first)
        hand.press(page.get_by_role("button", name="Save observation"))
        self._says(self.nurse, "Observation saved")

    def _group(self, name: str) -> Locator:
        return self.nurse.page.locator("fieldset.measure", has=self.nurse.page.locator("legend", has_text=name)).first

    def _write(self, screen: Screen, values: dict[str, str], *, of: str = "main") -> None:
        for label, text in values.items():
            self.hand.write(screen.page.locator("main").get_by_label(label, exact=True).first, text)

    def _open(self, words: str) -> None:
        self.hand.press(self._row(self.nurse).get_by_role("link", name=words))

    def _opener(self, what: str) -> Locator:
        return self.nurse.page.locator(f"details[id^=settle-{what}] > summary")

    def _form(self, what: str) -> Locator:
        return self.nurse.page.locator(f"form[action$='/{what}']")

    def _row(self, screen: Screen) -> Locator:
        """By name where there is script; another service's board has only the chair without it."""
        has_name = screen.page.locator("tr[data-part]", has_text=self.family_name)
        return has_name.or_(screen.page.locator("table.recovery tr[data-part]", has_text=self.chair)).first

    def _says(self, screen: Screen, words: str) -> None:
        expect(screen.page.locator("main .bar.ok", has_text=words).first).to_be_visible()

    def _appears(self, row: Locator) -> None:
        """Another service hears of it by an event; without script one reads the page again."""
        for _ in range(20):
            if row.is_visible():
                return
            if self.nurse.script:
                expect(row).to_be_visible(timeout=_LIVE_MS)
            else:
                row.page.wait_for_timeout(500)
                row.page.reload()
        expect(row).to_be_visible()

    def _let_pass(self, minutes: int) -> None:
        self._let_pass_to(self.clock.now() + minutes * _MINUTE)

    def _let_pass_to(self, instant: datetime) -> None:
        self.clock.move_to(instant)
        for screen in (self.desk, self.nurse):
            screen.opens(urlsplit(screen.page.url).path)
