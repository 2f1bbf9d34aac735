"""A discharge service on its own, and a patient whose dose ends at the house's first instant, 10:00 in New York."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.discharge.handlers import handlers
from shared.contracts.discharge_cleared import DischargeCleared
from shared.contracts.registry import contract_for_topic
from shared.contracts.session_completed import (
    Product,
    Route,
    SessionCompleted,
    SessionKind,
    SessionStatus,
    TransportKind,
)
from shared.messaging.outbox import publish
from tests.support.house import Client, House

WELL: dict[str, Any] = {
    "systolic_mmhg": 118,
    "diastolic_mmhg": 76,
    "heart_rate_bpm": 70,
    "spo2_percent": 98,
    "moaas": 5,
    "nausea_0_10": 0,
    "vomiting": False,
    "oriented": True,
    "steady_gait": True,
    "fluids_tolerated": True,
    "dissociation_resolved": True,
    "aldrete": {"activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "oxygen": 2},
    "padss": {"vital_signs": 2, "activity": 2, "nausea_vomiting": 2, "pain": 2, "dissociation": 2},
    "symptoms": [],
}


class Stay:
    """One patient's recovery at riverside, and the people around the chair."""

    def __init__(self, house: House, *, session_id: UUID | None = None, patient_id: UUID | None = None) -> None:
        """`session_id` and `patient_id`: of a session that intake has completed."""
        self.house = house
        self.session_id, self.patient_id, self.course_id = session_id or uuid4(), patient_id or uuid4(), uuid4()
        self.ended_at = house.clock.at
        self.path = f"/recoveries/{self.session_id}"

    def completed(self, **changes: Any) -> SessionCompleted:
        facts: dict[str, Any] = {
            "session_id": self.session_id,
            "patient_id": self.patient_id,
            "site_id": "riverside",
            "course_id": self.course_id,
            "status": SessionStatus.FINAL,
            "kind": SessionKind.INDUCTION,
            "number": 1,
            "planned_sessions": 6,
            "booster_cycle": None,
            "product": Product.KETAMINE_IV,
            "route": Route.INTRAVENOUS,
            "administration_started_at": self.ended_at - timedelta(minutes=40),
            "administration_ended_at": self.ended_at,
            "baseline_systolic_mmhg": 120,
            "baseline_diastolic_mmhg": 80,
            "baseline_heart_rate_bpm": 72,
            "baseline_spo2_percent": 98,
            "transport_kind": TransportKind.ESCORT,
            "transport_confirmed_at": self.ended_at - timedelta(hours=1),
            "chair_name": "Chair 1",
            "overnight_time_zone": "America/New_York",
            "indication_recorded": True,
            "revision": 1,
        }
        return SessionCompleted(**facts | changes)

    def begins(self, **changes: Any) -> "Stay":
        """session-completed travels over the real bus and is consumed."""
        with self.house.service("discharge").unit_of_work() as uow:
            publish(uow, self.completed(**changes), now=self.house.clock.at)
        self.house.run_workers()
        return self

    def is_told(self, event: SessionCompleted) -> None:
        """The event reaches the real handler, whatever came before it: no bus puts it in order."""
        running = self.house.service("discharge")
        with running.unit_of_work() as uow:
            handlers(running.deps)["session-completed"](uow, event, self.house.clock.at)

    def staff(self, role: str = "nurse", *sites: str) -> Client:
        return self.house.client("discharge", role=role, sites=sites or ("riverside",))

    def portal(self) -> Client:
        return self.house.client("discharge", role="portal", sites=(), patient=self.patient_id)

    def at(self, minutes: float) -> datetime:
        """That many elapsed minutes after administration ended."""
        return self.ended_at + timedelta(minutes=minutes)

    def move_to(self, minutes: float) -> None:
        self.house.clock.at = self.at(minutes)

    def observe(self, expect: int = 201, **changes: Any) -> dict[str, Any]:
        """A well patient but for `changes`; a change to None is left out: not charted."""
        body = {name: value for name, value in (WELL | changes).items() if value is not None}
        answer: dict[str, Any] = self.staff().post(f"{self.path}/observations", body, expect=expect).get_json()
        return answer

    def is_observed_until(self, *minutes: float) -> None:
        for minute in minutes:
            self.move_to(minute)
            self.observe()

    def is_ready_to_go(self) -> None:
        """Everything but observations and time."""
        nurse = self.staff()
        nurse.put(f"{self.path}/transport", self.escort())
        nurse.put(f"{self.path}/instructions", {"patient_acknowledged": True, "escort_acknowledged": True})
        nurse.put(f"{self.path}/suicide-risk-check", {"outcome": "no-concern"})

    def meets_every_criterion(self) -> None:
        """Two hours later, at the very minute, all is charted."""
        self.is_observed_until(0, 20, 40, 60, 90, 120)
        self.is_ready_to_go()

    def is_released(self) -> dict[str, Any]:
        self.meets_every_criterion()
        answer: dict[str, Any] = self.staff().post(f"{self.path}/release", expect=200).get_json()
        return answer

    def escort(self, **changes: Any) -> dict[str, Any]:
        person = {"kind": "escort", "name": "Robin Vale", "phone": "+1 212 555 0100"}
        return person | {"present": True, "identified_by": "driving licence"} | changes

    def recovery(self, role: str = "nurse") -> dict[str, Any]:
        answer: dict[str, Any] = self.staff(role).get(self.path).get_json()
        return answer

    def decision(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.staff().get(f"{self.path}/decision").get_json()
        return answer

    def unmet(self) -> list[str]:
        return [reason["code"] for reason in self.decision()["reasons"]]

    def restriction(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.portal().get(f"{self.path}/driving-restriction").get_json()
        return answer

    def sleeps(self, **changes: Any) -> dict[str, Any]:
        word = {"slept_hours": 7.5, "rested": True, "symptom_free": True} | changes
        answer: dict[str, Any] = self.portal().post(f"{self.path}/sleep-attestations", word, expect=200).get_json()
        return answer

    def tasks(self) -> list[str]:
        items = self.staff().get("/tasks").get_json()["items"]
        return sorted(item["kind"] for item in items if item["session_id"] == str(self.session_id))

    def published(self) -> list[DischargeCleared]:
        """What discharge told the bus of this session, oldest first."""
        self.house.run_workers()
        contract = contract_for_topic("discharge-cleared")
        reader = self.house.platform.log.subscribe("a-test", [contract.topic])
        try:
            for partition in reader.partitions():
                reader.seek(partition, 0)
            found = [record for records in reader.poll(1000, 0).values() for record in records]
        finally:
            reader.close()
        events = [contract.decode(record.value) for record in found]
        return [e for e in events if isinstance(e, DischargeCleared) and e.session_id == self.session_id]


@pytest.fixture
def stay(house: House) -> Stay:
    """A patient whose dose has just ended."""
    house.service("discharge")
    return Stay(house).begins()


@pytest.fixture
def unopened(house: House) -> Stay:
    """A patient of whom discharge has heard nothing yet."""
    house.service("discharge")
    return Stay(house)


@pytest.fixture
def another(house: House) -> Callable[[], Stay]:
    """Another patient of the same house, from now on."""
    return lambda: Stay(house)
