"""One patient's journey through four services, step by step, by HTTP: what the house promises.

walk("http://127.0.0.1:8080", token_for, ClockByHttp(origin))

Works on any house of the demo, wherever its workers run: what another service must first hear of is polled for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import httpx

from services.console.care import phq_9_answers, well
from services.console.client import Caller
from tests.e2e.walker import BASELINE, DAY, ESCORT, MINUTE, DemoTime, Token, Walker, eventually, instant, refused

ORDER = (
    *("emergency-unacknowledged", "pressure-hold", "oxygen-low", "sedation", "dissociation", "orientation", "gait"),
    *("pressure-not-settled", "vomiting", "nausea", "fluids", "aldrete", "padss", "suicide-risk-check"),
    *("observation-overdue", "observation-missing", "monitoring-time"),
    *("transport-missing", "transport-not-present", "instructions"),
)
QUIET_UNTIL, QUIET_FROM = time(8), time(21)


@dataclass
class ClockByHttp:
    origin: str

    def now(self) -> datetime:
        return datetime.fromisoformat(httpx.get(f"{self.origin}/demo/clock", timeout=30).json()["now"])

    def move_to(self, instant: datetime) -> None:
        """Forward only: an instant that lies behind leaves the clock where it is."""
        if instant > self.now():
            moved = httpx.post(f"{self.origin}/demo/clock", json={"to": instant.isoformat()}, timeout=300)
            # a clock that passes by itself may have gone past it meanwhile
            assert moved.status_code == 200 or self.now() >= instant, moved.text


@dataclass(frozen=True)
class Walked:
    """What a test may look at afterwards."""

    patient_id: str
    session_id: str
    left_at: datetime
    earliest_end_at: datetime
    ended_at: datetime
    explanations: tuple[str, ...]


def walk(
    origin: str,
    token_for: Token,
    clock: DemoTime,
    *,
    site_id: str = "riverside",
    chair_id: str = "r10",
    pause: Callable[[str], None] = lambda step: None,
) -> Walked:
    """Walk all ten steps. `token_for(role, site, …, patient=…)` gives a bearer token; `pause` is called between steps,
    for those who want to disturb the house meanwhile."""
    with httpx.Client(base_url=origin, timeout=60) as http:
        return _Journey(http, token_for, clock, site_id, chair_id).walk(pause)


class _Journey(Walker):
    def walk(self, pause: Callable[[str], None]) -> Walked:
        self.begin_a_course()
        pause("booked")
        self.no_dose_without_a_way_home()
        self.give_the_dose()
        pause("dosed")
        self.watch_until_two_hours_are_over()
        self.release_by_a_named_clinician()
        pause("released")
        self.an_early_journal()
        earliest_end_at, ended_at = self.drive_again_only_by_her_own_word()
        self.prompts_and_journals_in_the_window()
        pause("window closed")
        left_at = self.ended_at + timedelta(hours=2)
        first = self.session_id
        self.the_last_planned_session_sets_an_interval()
        pause("interval set")
        self.a_booster_is_called_fourteen_days_ahead()
        self.a_booster_session_fulfils_it()
        return Walked(self.patient_id, first, left_at, earliest_end_at, ended_at, tuple(self.explanations))

    # 1 — register, open a course, book

    def begin_a_course(self) -> None:
        person = self.a_person()
        self.patient_id = self.desk.post("/intake/v1/patients", person)["patient_id"]
        again = self.desk.post("/intake/v1/patients", person | {"phone": "(212) 555-0198"})
        assert self.patient_id in [found["patient_id"] for found in again["possible_duplicates"]]

        self.portal = Caller(self.http, self.token_for("portal", patient=self.patient_id))
        self.course_id = self.open_course(self.patient_id)
        self.starts_at = self.clock.now() + 10 * MINUTE
        self.session_id = self.book(self.course_id, "induction")["session_id"]
        with refused(409, "chair-taken"):
            self.book(self.open_course(again["patient_id"]), "induction")

        baseline = self.assess(phq_9_answers(18, 0))
        assert (baseline["score"], baseline["band"]) == (18, "moderately-severe")

    # 2 — no way home, no dose

    def no_dose_without_a_way_home(self) -> None:
        self.clock.move_to(self.starts_at)
        self.desk.post(f"{self.session}/check-in")
        with refused(409, "transport-missing") as problem:
            self.nurse.post(f"{self.session}/start", {"baseline": BASELINE})
        assert "take the patient home" in problem.title

        with refused(428, "version-missing"):
            self.desk.call("PUT", f"{self.session}/transport", json=ESCORT)
        self.desk.put(f"{self.session}/transport", ESCORT)
        assert self.nurse.post(f"{self.session}/start", {"baseline": BASELINE})["state"] == "started"

    # 3 — the dose

    def give_the_dose(self) -> None:
        self.clock.move_to(self.starts_at + 10 * MINUTE)
        self.complete(self.starts_at + 2 * MINUTE, self.starts_at + 10 * MINUTE)
        eventually(lambda: self.nurse.get(self.recovery), lambda found: found["state"] == "recovering")
        eventually(lambda: self.prescriber.get(self.plan), lambda found: found["sessions_done"] == 1)
        assert self.prescriber.get(self.plan)["state"] == "induction"

    # 4 — every unmet criterion, worst first, with the time left

    def watch_until_two_hours_are_over(self) -> None:
        first = self.decision()
        assert first["criteria_met"] is False
        codes = [reason["code"] for reason in first["reasons"]]
        assert codes == sorted(codes, key=ORDER.index), "worst first"
        assert {"observation-missing", "suicide-risk-check", "monitoring-time", "instructions"} <= set(codes)

        for minutes in (0, 20, 40, 60, 90, 104, 115):
            self.at(minutes)
            self.nurse.post(f"{self.recovery}/observations", well(self.moment(minutes)))
        self.settle()
        self.at(119)
        almost = self.decision()["reasons"]
        assert [reason["code"] for reason in almost] == ["monitoring-time"], "one minute early is not met"
        assert 0 < almost[0]["remaining_seconds"] <= 60
        with refused(409, "release-refused") as problem:
            self.nurse.post(f"{self.recovery}/release")
        assert problem.reasons == ("monitoring-time",)
        self.at(120)
        assert self.decision()["criteria_met"] is True, "at two hours it is met"

    # 5 — release

    def release_by_a_named_clinician(self) -> None:
        released = self.nurse.post(f"{self.recovery}/release")
        assert released["state"] == "released"
        assert released["left_by"]
        eventually(lambda: self.desk.get(self.session), lambda found: found["state"] == "left")
        self.starts_at, kept = self.clock.now() + 5 * MINUTE, self.starts_at
        another = self.book(self.course_id, "induction")
        self.desk.post(f"/intake/v1/sessions/{another['session_id']}/cancel")
        self.starts_at = kept

    # 6 — the driving restriction

    def drive_again_only_by_her_own_word(self) -> tuple[datetime, datetime]:
        restriction = self.portal.get(f"{self.recovery}/driving-restriction")
        earliest = instant(restriction["earliest_end_at"])
        assert (restriction["state"], restriction["ends_at"]) == ("in-force", None)
        assert earliest > self.ended_at + timedelta(hours=8)
        slept = {"slept_hours": 7.5, "rested": True, "symptom_free": True}
        assert self.attest(slept)["state"] == "in-force", "a word before the earliest end doesn't count"

        self.clock.move_to(earliest)
        assert self.restriction()["state"] == "unconfirmed", "time alone ends nothing"
        assert self.attest(slept | {"slept_hours": 4.0})["state"] == "unconfirmed"
        ended = self.attest(slept)
        assert ended["state"] == "ended"
        assert instant(ended["ends_at"]) >= earliest
        return earliest, instant(ended["ends_at"])

    # 7 and 8 — the window, its prompts, and journals before, in and after it

    def an_early_journal(self) -> None:
        entry = self.journal("private", "Only for me: the lighthouse.", position="early")
        for reader in (self.therapist, self.prescriber, self.staff("medical_director")):
            with refused(404, "not-found"):
                reader.get(f"/integration/v1/journals/{entry}")
            listed = reader.get("/integration/v1/journals", patient_id=self.patient_id, session_id=self.session_id)
            assert listed["items"] == [], "a private journal is never readable by staff"
        for writer in (self.nurse, self.desk):
            with refused(403, "forbidden"):
                writer.get(f"/integration/v1/journals/{entry}")
        assert "lighthouse" in self.portal.get(f"/integration/v1/journals/{entry}")["text"]

    def prompts_and_journals_in_the_window(self) -> None:
        opens_at, closes_at = self.ended_at + DAY, self.ended_at + 3 * DAY
        window = self.window()
        assert (instant(window["opens_at"]), instant(window["closes_at"])) == (opens_at, closes_at)
        self.clock.move_to(opens_at - MINUTE)
        assert self.window()["state"] == "upcoming"
        self.clock.move_to(opens_at)
        assert self.window()["state"] == "open"

        sent = {}
        assert [prompt["kind"] for prompt in window["prompts"]] == ["now", "themes", "step", "did-it-happen"]
        for prompt in sorted(window["prompts"], key=lambda one: str(one["due_at"])):
            self.clock.move_to(instant(prompt["due_at"]))
            sent[prompt["kind"]] = sent_at = self.prompt_is_sent(prompt["kind"])
            assert QUIET_UNTIL <= sent_at.astimezone(self.zone).time() <= QUIET_FROM, "never in quiet hours"
            if prompt["kind"] != "now":
                assert opens_at <= sent_at <= closes_at
            if prompt["kind"] == "step":
                shared = self.journal("therapist", "A small step: ten minutes outside.", position="in-window")
                assert self.therapist.get(f"/integration/v1/journals/{shared}")["text"].startswith("A small step")
                with refused(404, "not-found"):
                    self.prescriber.get(f"/integration/v1/journals/{shared}")

        self.clock.move_to(closes_at - MINUTE)
        assert self.window()["state"] == "open"
        self.clock.move_to(closes_at + MINUTE)
        assert self.window()["state"] == "closed"
        self.journal("care-team", "Later than the window, and kept all the same.", position="late")
        assert self.window()["journals"] == {"early": 1, "in_window": 1, "late": 1}
        assert {kind: self.prompt_is_sent(kind) for kind in sent} == sent, "each prompt was sent once"
        counted = {"early": 1, "in_window": 1, "late": 1}
        eventually(lambda: self.prescriber.get(self.plan), lambda found: found["journals"] == counted)

    # 9 — scores, and the first interval

    def the_last_planned_session_sets_an_interval(self) -> None:
        with refused(422, "invalid"):
            self.assess([1] * 8)
        answers = phq_9_answers(4, 0)
        score = self.assess(answers)
        assert (score["answers"], score["score"], score["band"]) == (answers, 4, "minimal")
        self.another_session("induction", self.clock.now() + 4 * DAY)
        plan = eventually(lambda: self.prescriber.get(self.plan), lambda found: found["state"] == "active")
        assert (plan["baseline"], plan["lowest"], plan["current"], plan["interval_days"]) == (18, 4, 4, 42)
        self.due_on = self.ended_at.astimezone(self.zone).date() + timedelta(days=42)
        assert plan["due_on"] == self.due_on.isoformat()
        self.explanations = [plan["explanation"]]
        assert all(word in plan["explanation"] for word in ("18", "4", "42 days"))

    # 10 — the booster

    def a_booster_is_called_fourteen_days_ahead(self) -> None:
        called_at = self.local(self.due_on - timedelta(days=14), time())
        self.clock.move_to(called_at - MINUTE)
        assert self.boosters() == [], "not a day earlier"
        self.clock.move_to(called_at)
        [booster] = eventually(self.boosters, bool)
        assert (booster["due_on"], booster["state"]) == (self.due_on.isoformat(), "due")
        self.clock.move_to(self.local(self.due_on, time(9)))
        assert [found["booster_id"] for found in self.boosters()] == [booster["booster_id"]], "once for the cycle"

    def a_booster_session_fulfils_it(self) -> None:
        self.starts_at = self.local(self.due_on, time(11))
        self.session_id = self.book(self.course_id, "booster")["session_id"]
        assert [found["state"] for found in self.boosters()] == ["booked"]
        self.assess(phq_9_answers(4, 0))
        self.another_session("booster", self.starts_at, booked=True)
        eventually(self.boosters, lambda found: [one["state"] for one in found] == ["fulfilled"])
        plan = eventually(lambda: self.prescriber.get(self.plan), lambda found: found["cycle"] == 2)
        assert plan["explanation"] == "rule 6: PHQ-9 4 of baseline 18, lowest 4: 42 → 56 days"
        self.explanations.append(plan["explanation"])
