"""One patient at riverside with a record of every kind in every service, made through the real APIs.

Whoever walks the routes uses its ids, so that a 404 to a stranger means something.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.booster_due import BoosterDue, BoosterReason, BoosterState
from shared.contracts.registry import REGISTRY
from shared.messaging.outbox import publish
from tests.support.held_back import held_back
from tests.support.house import SERVICES, Client, House

_WELL = {
    "systolic_mmhg": 122,
    "diastolic_mmhg": 78,
    "heart_rate_bpm": 70,
    "spo2_percent": 98,
    "moaas": 5,
    "nausea_0_10": 0,
    "vomiting": False,
    "oriented": True,
    "steady_gait": True,
    "fluids_tolerated": True,
    "dissociation_resolved": True,
}


@dataclass
class Scene:
    """`ids` are the path and body ids by name; `etags` the version of what each PUT changes."""

    house: House
    site: str = "riverside"
    ids: dict[str, str] = field(default_factory=dict)
    visits: int = 0

    @classmethod
    def build(cls, house: House) -> "Scene":
        scene = cls(house)
        scene.register()
        scene.ids["session_id"] = scene.dose()
        scene.chart_an_emergency()
        scene.leave()
        scene.live_on()
        scene.ask_for_a_booster()
        scene.hold_somebody_back()
        return scene

    def staff(self, service: str, role: str) -> Client:
        return self.house.client(service, role=role, sites=[self.site])

    def portal(self, service: str) -> Client:
        return self.house.client(service, role="portal", sites=[self.site], patient=self.ids["patient_id"])

    def register(self) -> None:
        desk = self.staff("intake", "front_desk")
        person = {"family_name": "Rivera", "given_name": "Alma", "birth_date": "1984-06-17", "phone": "+1 555 0100"}
        patient = desk.post("/patients", person | {"home_site_id": self.site}, expect=201).get_json()
        self.ids["patient_id"] = patient["patient_id"]
        self.ids["record_number"] = patient["record_number"]
        course = {"patient_id": patient["patient_id"], "site_id": self.site, "indication": "depression"}
        course |= {"product": "ketamine-iv", "planned_sessions": 1}
        self.ids["course_id"] = desk.post("/courses", course, expect=201).get_json()["course_id"]

    def book(self, *, kind: str = "induction") -> str:
        self.visits += 1
        booking = {"course_id": self.ids["course_id"], "site_id": self.site, "chair_id": f"r{self.visits}"}
        booking |= {"starts_at": self.now.isoformat(), "duration_minutes": 60, "kind": kind}
        booked = self.staff("intake", "front_desk").post("/sessions", booking, expect=201)
        return str(booked.get_json()["session_id"])

    def dose(self) -> str:
        """Book, bring, start and complete a session; discharge has its recovery then."""
        desk, nurse = self.staff("intake", "front_desk"), self.staff("intake", "nurse")
        session = self.book()
        ride = {"kind": "escort", "name": "Sam Rivera", "phone": "+1 555 0101", "relationship": "sister", "adult": True}
        desk.put(f"/sessions/{session}/transport", ride)
        desk.post(f"/sessions/{session}/check-in", expect=200)
        vitals = {name: _WELL[name] for name in ("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent")}
        nurse.post(f"/sessions/{session}/start", {"baseline": vitals}, expect=200)
        dose = {"dose_mg": 40, "lot": "K-2031", "administration_started_at": self.now.isoformat()}
        self.house.clock.advance(timedelta(minutes=40))
        nurse.post(f"/sessions/{session}/complete", dose, expect=200)
        self.house.run_workers("intake", "discharge", "integration", "maintenance")
        return session

    def chart_an_emergency(self) -> None:
        nurse, path = self.staff("discharge", "nurse"), f"/recoveries/{self.ids['session_id']}"
        pain = _WELL | {"symptoms": [{"code": "chest-pain", "grade": 2}]}
        nurse.post(f"{path}/observations", pain, expect=201)
        tasks = nurse.get("/tasks").get_json()["items"]
        self.ids["discharge task_id"] = tasks[0]["task_id"] if tasks else str(uuid4())

    def leave(self) -> None:
        """Against advice: the patient is at home, with everything that follows from it."""
        nurse, path = self.staff("discharge", "nurse"), f"/recoveries/{self.ids['session_id']}"
        nurse.post(f"{path}/left-against-advice", {"reason": "wants to go home"}, expect=200)
        self.house.run_workers()
        self.house.advance(timedelta(hours=26))

    def live_on(self) -> None:
        """Journals, steps, appointments and tasks in integration; answers, calls and orders in maintenance."""
        of = {"patient_id": self.ids["patient_id"], "session_id": self.ids["session_id"]}
        portal, therapist = self.portal("integration"), self.staff("integration", "therapist")
        journal = of | {"practice": "journal", "text": "quiet", "sharing": "care-team", "contact_requested": True}
        self.ids["journal_id"] = portal.post("/journals", journal, expect=201).get_json()["journal_id"]
        step = of | {"text": "walk to the river", "minutes": 10, "sharing": "care-team"}
        made = therapist.post("/action-steps", step, expect=201).get_json()
        self.ids["action_step_id"] = made["action_step_id"]
        slot = of | {"phase": "integration", "starts_at": (self.now + timedelta(hours=2)).isoformat()}
        # whoever walks the routes as a therapist is its therapist: a note is its author's alone
        author = self.house.client(
            "integration", role="therapist", sites=[self.site], subject=f"therapist-of-{self.site}"
        )
        made = author.post("/kap-appointments", slot, expect=201).get_json()
        self.ids["appointment_id"] = made["appointment_id"]
        self.house.advance(timedelta(hours=80))
        author.post(f"/kap-appointments/{made['appointment_id']}/note", {"text": "a lake"}, expect=201)
        tasks = self.staff("integration", "therapist").get("/tasks").get_json()["items"]
        self.ids["integration task_id"] = tasks[0]["task_id"] if tasks else str(uuid4())
        low = {"patient_id": self.ids["patient_id"], "instrument": "phq-9", "answers": [2] * 9}
        self.portal("maintenance").post("/assessments", low, expect=201)
        prescriber = self.staff("maintenance", "prescriber")
        calls = prescriber.get("/escalations").get_json()["items"]
        self.ids["escalation_id"] = calls[0]["escalation_id"]
        order = {"interval_days": 21, "reason": "asked for by the patient"}
        order["expires_on"] = (self.now + timedelta(days=30)).date().isoformat()
        plan = f"/plans/{self.ids['patient_id']}"
        self.ids["override_id"] = prescriber.post(f"{plan}/overrides", order, expect=200).get_json()["override_id"]
        threads = self.portal("maintenance").get("/threads").get_json()["items"]
        self.ids["thread_id"] = threads[0]["thread_id"] if threads else str(uuid4())

    def ask_for_a_booster(self) -> None:
        """Maintenance asks, the desk calls, and the patient wants to talk to a clinician."""
        asked = BoosterDue(
            plan_id=UUID(self.ids["patient_id"]),
            patient_id=UUID(self.ids["patient_id"]),
            site_id=self.site,
            course_id=UUID(self.ids["course_id"]),
            cycle=7,
            due_on=self.now.date(),
            lead_days=14,
            interval_days=28,
            reason=BoosterReason.INTERVAL_SET,
            state=BoosterState.DUE,
            revision=1,
        )
        with self.house.service("maintenance").unit_of_work() as uow:
            publish(uow, asked, now=self.now)
        self.house.run_workers()
        desk = self.staff("intake", "front_desk")
        items = desk.get("/boosters").get_json()["items"]
        self.ids["booster_id"] = next(item["booster_id"] for item in items if item["cycle"] == 7)
        desk.post(f"/boosters/{self.ids['booster_id']}/outcomes", {"outcome": "wants-clinician"}, expect=201)
        (task,) = self.staff("intake", "nurse").get("/booster-tasks").get_json()["items"]
        self.ids["intake task_id"] = task["task_id"]

    def hold_somebody_back(self) -> None:
        """In every service one parked event, one sealed record and one ordered replay, of a patient of their own."""
        for service in SERVICES:
            topic = next(contract.topic for contract in REGISTRY if service in contract.consumers)
            with self.house.service(service).unit_of_work() as uow:
                parked = held_back(uow, service, topic, sealer=self.house.platform.sealer, at=self.now)
            operator = self.staff(service, "operations")
            ordered = operator.post("/replays", {"topic": topic}, expect=201).get_json()
            self.ids[f"{service} topic"], self.ids[f"{service} parked_id"] = topic, parked
            self.ids[f"{service} replay_id"] = ordered["replay_id"]

    @property
    def now(self) -> datetime:
        return self.house.clock.at

    def path_ids(self, service: str) -> dict[str, Any]:
        """The ids as the service's paths and bodies name them."""
        own = {"task_id": self.ids.get(f"{service} task_id", str(uuid4())), "quarantine_id": "1"}
        own |= {name: self.ids[f"{service} {name}"] for name in ("topic", "parked_id", "replay_id")}
        return self.ids | own | {"site_id": self.site, "home_site_id": self.site}
