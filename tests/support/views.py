"""Every page in every state, and how a person comes there: the demo's morning, an empty house, one patient a site."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

from services.console.client import Clinics
from shared.kernel.people import Role
from tests.e2e.running import RunningHouse
from tests.support.away import gets_the_gateways_page
from tests.support.browser import Screen

Does = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class View:
    """`path` may name people: {session of Noor Haddad}, {patient of Noor Haddad}. `does` is what the person does there;
    `refused` the status that this is answered with; `away` the addresses that nobody answers. `role` "" is nobody."""

    name: str
    role: str
    path: str
    does: Does = field(default=lambda page: None)
    house: str = "morning"
    site: str = "riverside"
    refused: int = 0
    away: str | re.Pattern[str] = ""

    def __str__(self) -> str:
        return self.name


class People:
    """Those on today's list of one site, by name."""

    def __init__(self, house: RunningHouse, site_id: str = "riverside") -> None:
        clinics = Clinics(house.origin, house.data / "keys")
        desk = clinics.caller(Role.FRONT_DESK, site_id)
        items = desk.get("/intake/v1/boards/today")["items"]
        self._sessions = {item["name"]: item["session_id"] for item in items}
        self._patients = {item["name"]: item["patient_id"] for item in desk.everything("/intake/v1/patients")}
        clinics.close()

    def path(self, written: str) -> str:
        for name, session_id in self._sessions.items():
            written = written.replace(f"{{session of {name}}}", str(session_id))
        for name, patient_id in self._patients.items():
            written = written.replace(f"{{patient of {name}}}", str(patient_id))
        assert "{" not in written, f"nobody of that name: {written}"
        return written


def come_to(view: View, screen: Screen, people: People | None) -> Page:
    """The page as the view describes it, with everything that it loads by itself."""
    if view.refused:
        screen.may_be_refused(view.refused)
    if view.away:
        screen.loses_its_line()
        screen.page.route(view.away, lambda route: route.abort())
    page = screen.opens(people.path(view.path) if people else view.path)
    settled(page)
    view.does(page)
    settled(page)
    return page


def settled(page: Page) -> None:
    """Until sections and names have come; a live line never ends, so the network is never idle."""
    page.wait_for_load_state("load")
    page.locator("[aria-busy=true]").first.wait_for(state="detached")
    page.wait_for_timeout(150)


def press(name: str, within: str = "main") -> Does:
    return lambda page: page.locator(within).get_by_role("button", name=name, exact=True).first.click()


def fill_and_press(values: dict[str, str], name: str) -> Does:
    def does(page: Page) -> None:
        for label, value in values.items():
            page.locator("main").get_by_label(label, exact=True).first.fill(value)
        press(name)(page)

    return does


def reads_the_tour(page: Page) -> None:
    page.locator("details.tour > summary").click()


def opens_first(page: Page) -> None:
    page.locator("main a.opens").first.click()


def operations_joined(page: Page) -> None:
    page.locator('[data-joined="consumers"] tr').nth(5).wait_for()


def opens_panel(words: str) -> Does:
    return lambda page: page.locator("main summary", has_text=words).first.click()


def in_turn(*acts: Does) -> Does:
    def does(page: Page) -> None:
        for act in acts:
            act(page)
            settled(page)

    return does


def opens_the_note(page: Page) -> None:
    opens_first(page)
    page.locator("main a[href^='/integration/notes/']").first.click()
    page.get_by_role("heading", name="Psychotherapy note").wait_for()


def is_left_alone(page: Page) -> None:
    """As if the last touch were an hour ago."""
    page.evaluate("localStorage.setItem('afterglow-active-at', String(Date.now() - 3600e3))")
    page.get_by_role("dialog", name="Locked").wait_for()


def record_outcome(page: Page) -> None:
    page.locator("main").get_by_role("button", name="Record outcome").first.click()


def choose_nothing(page: Page) -> None:
    page.eval_on_selector_all("input[type=radio]", "radios => radios.forEach((radio) => { radio.checked = false; })")
    page.eval_on_selector("form.sign-in-card", "form => { form.noValidate = true; }")
    press("Sign in")(page)


def without_browsers_own_checks(then: Does) -> Does:
    """The server's refusal, which a browser's own check of required fields would come before."""

    def does(page: Page) -> None:
        page.eval_on_selector_all("form", "forms => forms.forEach((form) => { form.noValidate = true; })")
        then(page)

    return does


_OPEN = "/intake/today?open={{session of {}}}"
VIEWS: tuple[View, ...] = (
    View("sign-in", "", "/intake/sign-in"),
    View("sign-in-refused", "", "/intake/sign-in", choose_nothing, refused=422),
    View("today", "front_desk", "/intake/today"),
    View("today-nurse", "nurse", "/intake/today"),
    View("today-operations", "operations", "/intake/today"),
    View("today-filtered", "front_desk", "/intake/today?show=cannot-start"),
    View("today-empty", "front_desk", "/intake/today", house="empty"),
    View("today-one", "front_desk", "/intake/today", house="lone"),
    View("today-emergency", "front_desk", "/intake/today", house="lone", site="lakeview"),
    View("today-degraded", "front_desk", "/intake/today", away="**/discharge/leaving"),
    View("today-left", "front_desk", "/intake/today?show=left"),
    View("today-way-home", "front_desk", _OPEN.format("Noor Haddad")),
    View(
        "today-way-home-refused",
        "front_desk",
        _OPEN.format("Noor Haddad"),
        without_browsers_own_checks(press("Save way home")),
        refused=422,
    ),
    View("today-start", "nurse", _OPEN.format("Oskar Lindholm")),
    View("today-dose", "nurse", _OPEN.format("Tomas Berg")),
    View("today-correct", "nurse", _OPEN.format("Elif Demir")),
    View("booking", "front_desk", "/intake/booking"),
    View(
        "booking-found",
        "front_desk",
        "/intake/booking",
        fill_and_press({"Name, record number, phone or birth date": "h"}, "Find"),
    ),
    View(
        "booking-nobody",
        "front_desk",
        "/intake/booking",
        fill_and_press({"Name, record number, phone or birth date": "Zzyzx"}, "Find"),
    ),
    View(
        "booking-refused", "front_desk", "/intake/booking", without_browsers_own_checks(press("Register")), refused=422
    ),
    View("booking-patient", "front_desk", "/intake/booking/patients/{patient of Noor Haddad}"),
    View(
        "booking-chair-refused",
        "front_desk",
        "/intake/booking/patients/{patient of Noor Haddad}",
        without_browsers_own_checks(press("Book")),
        refused=409,
    ),
    View("patients", "front_desk", "/intake/patients"),
    View("patients-found", "front_desk", "/intake/patients", fill_and_press({"Find a patient": "Haddad"}, "Find")),
    View("patient-desk", "front_desk", "/intake/patients/{patient of Ben Whitfield}"),
    View("patient-nurse", "nurse", "/intake/patients/{patient of Ben Whitfield}"),
    View("patient-therapist", "therapist", "/intake/patients/{patient of Ben Whitfield}"),
    View("patient-prescriber", "prescriber", "/intake/patients/{patient of Ben Whitfield}"),
    View(
        "patient-questionnaire",
        "nurse",
        "/intake/patients/{patient of Ben Whitfield}",
        lambda page: page.locator("main").get_by_role("link", name="PHQ-9").click(),
    ),
    View(
        "patient-check-in",
        "nurse",
        "/intake/patients/{patient of Ben Whitfield}",
        opens_panel("Record a week"),
    ),
    View(
        "patient-check-in-refused",
        "nurse",
        "/intake/patients/{patient of Ben Whitfield}",
        in_turn(opens_panel("Record a week"), fill_and_press({"Days moved": "9"}, "Keep the week")),
        refused=422,
    ),
    View("patient-between", "prescriber", "/intake/patients/{patient of Ines Calloway}"),
    View(
        "patient-degraded",
        "prescriber",
        "/intake/patients/{patient of Ben Whitfield}",
        away="**/maintenance/patients/**",
    ),
    View(
        "patient-all-away",
        "nurse",
        "/intake/patients/{patient of Ben Whitfield}",
        away=re.compile("/(discharge|integration|maintenance)/patients/"),
    ),
    # integration doesn't know whoever hasn't left a session yet
    View("patient-one", "prescriber", "/intake/patients/{patient of Ada Alone}", house="lone", refused=404),
    View(
        "patient-emergency",
        "prescriber",
        "/intake/patients/{patient of Lou Sole}",
        house="lone",
        site="lakeview",
        refused=404,
    ),
    View("recovery", "nurse", "/discharge/recovery"),
    View("recovery-one", "nurse", "/discharge/recovery", house="lone"),
    View("recovery-emergency", "nurse", "/discharge/recovery", opens_first, house="lone", site="lakeview"),
    View(
        "recovery-emergency-prescriber", "prescriber", "/discharge/recovery", opens_first, house="lone", site="lakeview"
    ),
    View("recovery-without-names", "nurse", "/discharge/recovery", away="**/intake/v1/*labels**"),
    View("recovery-operations", "operations", "/discharge/recovery"),
    View("recovery-empty", "nurse", "/discharge/recovery", house="empty"),
    View("recovery-charting", "nurse", "/discharge/recovery?open={session of Daniel Ruiz}"),
    View("recovery-held", "nurse", "/discharge/recovery?open={session of Ben Whitfield}"),
    View("recovery-ready", "nurse", "/discharge/recovery?open={session of Hugo Marchetti}"),
    View(
        "recovery-refused",
        "nurse",
        "/discharge/recovery?open={session of Daniel Ruiz}",
        without_browsers_own_checks(
            fill_and_press({"Pressure, upper, mmHg": "40", "Heart rate": "abc"}, "Save observation")
        ),
        refused=422,
    ),
    View(
        "recovery-leaving-anyway",
        "nurse",
        "/discharge/recovery?open={session of Ben Whitfield}",
        opens_panel("Leaving anyway?"),
    ),
    View("recovery-left", "nurse", "/discharge/recovery?show=left"),
    View("recovery-looked-at", "prescriber", "/discharge/recovery?open={session of Ben Whitfield}"),
    View("aftercare", "nurse", "/discharge/recoveries/{session of Paul Novak}/aftercare"),
    View("leaving", "front_desk", "/discharge/leaving"),
    View("leaving-one", "front_desk", "/discharge/leaving", house="lone"),
    View("leaving-empty", "front_desk", "/discharge/leaving", house="empty"),
    View("boosters", "front_desk", "/intake/boosters"),
    View("boosters-one", "front_desk", "/intake/boosters?show=overdue-30"),
    View("boosters-open", "front_desk", "/intake/boosters", record_outcome),
    View(
        "boosters-snooze",
        "front_desk",
        "/intake/boosters",
        lambda page: page.locator("main a[href*='as=snooze']").first.click(),
    ),
    View("boosters-empty", "front_desk", "/intake/boosters", house="empty"),
    View("boosters-operations", "operations", "/intake/boosters"),
    View("windows", "therapist", "/integration/windows"),
    View("windows-open", "therapist", "/integration/windows", opens_first),
    View("windows-one", "therapist", "/integration/windows", house="lone", site="harbor"),
    View("windows-empty", "therapist", "/integration/windows", house="empty"),
    View("note", "therapist", "/integration/windows", opens_the_note, house="lone", site="harbor"),
    View(
        "note-refused",
        "therapist",
        "/integration/windows",
        in_turn(opens_the_note, without_browsers_own_checks(press("Keep the note"))),
        house="lone",
        site="harbor",
        refused=422,
    ),
    View("todo", "nurse", "/discharge/tasks"),
    View("todo-open", "nurse", "/discharge/tasks", opens_first),
    View("todo-desk", "front_desk", "/integration/tasks"),
    View("todo-empty", "nurse", "/discharge/tasks", house="empty"),
    View("escalations", "prescriber", "/maintenance/escalations"),
    View("escalations-open", "prescriber", "/maintenance/escalations", opens_first),
    View("escalations-one", "prescriber", "/maintenance/escalations", house="lone", site="harbor"),
    View("escalations-empty", "prescriber", "/maintenance/escalations", house="empty"),
    View("operations", "operations", "/intake/operations", operations_joined),
    View("operations-held", "operations", "/intake/operations", operations_joined, house="lone"),
    View(
        "operations-discard",
        "operations",
        "/intake/operations",
        in_turn(operations_joined, lambda page: page.locator("#bus details.discards > summary").first.click()),
        house="lone",
    ),
    View("operations-degraded", "operations", "/intake/operations", away="**/maintenance/bus"),
    View("operations-runbook", "operations", "/intake/operations/runbooks/parked-keys"),
    View("operations-of-one", "operations", "/integration/bus"),
    View("audit", "privacy_officer", "/intake/audit"),
    View(
        "audit-found",
        "privacy_officer",
        "/intake/audit",
        fill_and_press({"Record number or patient id": "RIV-20001"}, "Show entries"),
    ),
    View("audit-empty", "privacy_officer", "/intake/audit", house="empty"),
    View("away", "operations", "/discharge/recovery", house="away", refused=503),
    View(
        "away-gateway",
        "nurse",
        "/discharge/recovery",
        gets_the_gateways_page("discharge", "/discharge/recovery"),
        refused=503,
    ),
    View(
        "away-gateway-form",
        "front_desk",
        "/intake/today",
        gets_the_gateways_page("intake", "/intake/today", sent=True),
        refused=503,
    ),
    View("locked", "front_desk", "/intake/today", is_left_alone, away="**/intake/sign-out"),
    View("forbidden", "front_desk", "/maintenance/patients/{patient of Ben Whitfield}/plan", refused=403),
    View("another-site", "prescriber", "/intake/patients/00000000-0000-4000-8000-000000000000", refused=404),
    View("tour", "front_desk", "/intake/booking", reads_the_tour),
    View("nothing-here", "front_desk", "/intake/nowhere", refused=404),
)
OF_A_FULL_DAY = (
    View("today-full-day", "front_desk", "/intake/today", house="full-day"),
    View("recovery-full-day", "nurse", "/discharge/recovery", house="full-day"),
    View("recovery-overdue", "nurse", "/discharge/recovery?show=due", house="full-day"),
    View("leaving-full-day", "front_desk", "/discharge/leaving", house="full-day"),
)
# the line is lost while these are open; what they showed stays
STALE = tuple(
    view
    for view in VIEWS
    if view.name in ("today", "recovery", "leaving", "boosters", "windows", "todo", "escalations")
)
