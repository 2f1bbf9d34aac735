"""An intake service on its own: its desk, its nurse, and the facts that reach it."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from shared.contracts.booster_due import BoosterDue, BoosterReason, BoosterState
from shared.contracts.discharge_cleared import DischargeCleared, Disposition
from shared.contracts.fields import instant_text
from shared.contracts.registry import Event, contract_for_topic
from shared.contracts.session_completed import SessionCompleted, SessionKind
from shared.messaging.outbox import outbox, publish
from shared.store.audit import audit_entry
from tests.support.house import Client, House

BASELINE = {"systolic_mmhg": 124, "diastolic_mmhg": 78, "heart_rate_bpm": 70, "spo2_percent": 98}
_FAMILY_NAMES = ("Okafor", "Lindholm", "Calloway", "Haddad", "Raman", "Berg", "Qureshi", "Novak", "Demir", "Ruiz")


class Clinic:
    """Riverside on a Monday at 10:00. Every method takes what matters to a test and fills in the rest."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.desk = self.staff("front_desk")
        self.nurse = self.staff("nurse")
        self._count = count(1)

    def staff(self, role: str, *sites: str, **changes: Any) -> Client:
        return self.house.client("intake", role=role, sites=sites or ("riverside",), **changes)

    def at(self, hours: float = 0, **more: float) -> str:
        """That long after now, as it travels."""
        return instant_text(self.house.clock.at + timedelta(hours=hours, **more))

    def person(self, **changes: Any) -> dict[str, Any]:
        number = next(self._count)
        facts = {
            "family_name": _FAMILY_NAMES[number % len(_FAMILY_NAMES)],
            "given_name": f"Ada{'abcdefghij'[number % 10]}",
            "birth_date": str(date(1950, 1, 1) + timedelta(days=400 * number)),
            "phone": f"(212) 555-{number:04}",
            "home_site_id": "riverside",
        }
        return facts | changes

    def registers(self, **changes: Any) -> dict[str, Any]:
        by = changes.pop("by", self.desk)
        answer: dict[str, Any] = by.post("/patients", self.person(**changes), expect=201).get_json()
        return answer

    def course(self, **changes: Any) -> dict[str, Any]:
        by = changes.pop("by", self.desk)
        facts = {"site_id": "riverside", "indication": "depression", "product": "ketamine-iv", "planned_sessions": 6}
        if "patient_id" not in changes:
            changes["patient_id"] = self.registers(by=by, home_site_id=changes.get("site_id", "riverside"))[
                "patient_id"
            ]
        answer: dict[str, Any] = by.post("/courses", facts | changes, expect=201).get_json()
        return answer

    def booking(self, course: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        course = course or self.course()
        facts = {
            "course_id": course["course_id"],
            "site_id": "riverside",
            "chair_id": "r1",
            "starts_at": self.at(),
            "kind": "induction",
        }
        return facts | changes

    def books(self, course: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.desk.post("/sessions", self.booking(course, **changes), expect=201).get_json()
        return answer

    def ride(self, **changes: Any) -> dict[str, Any]:
        facts = {"kind": "escort", "name": "Joy Escort", "phone": "(212) 555-0135", "relationship": "sister"}
        return facts | {"adult": True} | changes

    def named(self, session: dict[str, Any], **changes: Any) -> dict[str, Any]:
        path = f"/sessions/{session['session_id']}/transport"
        answer: dict[str, Any] = self.desk.put(path, self.ride(**changes)).get_json()
        return answer

    def act(self, session: dict[str, Any], act: str, body: Any = None, *, expect: int = 200) -> dict[str, Any]:
        path = f"/sessions/{session['session_id']}/{act}"
        answer: dict[str, Any] = self.nurse.post(path, body, expect=expect).get_json()
        return answer

    def arrived(self, course: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """Booked, with an escort named, and here."""
        session = self.books(course, **changes)
        self.named(session)
        return self.act(session, "check-in")

    def started(self, course: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        return self.act(self.arrived(course, **changes), "start", {"baseline": BASELINE})

    def dosed(self, course: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        return self.act(self.started(course, **changes), "complete", {"dose_mg": 40, "lot": "K-1107"})

    def session(self, session: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.desk.get(f"/sessions/{session['session_id']}").get_json()
        return answer

    def published(self) -> list[SessionCompleted]:
        """Every session-completed that waits in the outbox, oldest first."""
        contract = contract_for_topic("session-completed")
        with self.house.service("intake").unit_of_work() as uow:
            rows = uow.session.execute(
                select(outbox.c.payload).where(outbox.c.topic == contract.topic).order_by(outbox.c.outbox_id)
            )
            return [
                event for payload in rows.scalars() if isinstance(event := contract.decode(payload), SessionCompleted)
            ]

    def hears(self, *events: Event) -> None:
        """The events travel over the real bus and are consumed."""
        for event in events:
            with self.house.service("intake").unit_of_work() as uow:
                publish(uow, event, now=self.house.clock.at)
        self.house.run_workers()

    def left(self, session: dict[str, Any], **changes: Any) -> DischargeCleared:
        ended_at = self.house.clock.at
        facts: dict[str, Any] = {
            "session_id": UUID(session["session_id"]),
            "patient_id": UUID(session["patient_id"]),
            "site_id": session["site_id"],
            "course_id": UUID(session["course_id"]),
            "kind": SessionKind(session["kind"]),
            "administration_ended_at": ended_at,
            "chair_name": session["chair_name"],
            "left_at": ended_at + timedelta(hours=2),
            "disposition": Disposition.CLEARED,
            "monitored_minutes": 120,
            "restriction_earliest_end_at": ended_at + timedelta(hours=20),
            "restriction_time_zone": "America/New_York",
            "restriction_rule_version": "1",
            "policy_version": "1",
            "revision": 1,
        }
        return DischargeCleared(**facts | changes)

    def due(self, course: dict[str, Any], **changes: Any) -> BoosterDue:
        facts: dict[str, Any] = {
            "plan_id": UUID(course["patient_id"]),
            "patient_id": UUID(course["patient_id"]),
            "site_id": course["site_id"],
            "course_id": UUID(course["course_id"]),
            "cycle": 1,
            "due_on": date(2026, 3, 10),
            "lead_days": 14,
            "interval_days": 42,
            "reason": BoosterReason.INTERVAL_SET,
            "state": BoosterState.DUE,
            "revision": 1,
        }
        return BoosterDue(**facts | changes)

    def boosters(self, query: str = "") -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.desk.get(f"/boosters{query}").get_json()["items"]
        return items

    def today(self, by: Client | None = None) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (by or self.desk).get("/boards/today").get_json()["items"]
        return items

    def audit(self, patient_id: str) -> list[tuple[str, str]]:
        """(access, action) of this patient's entries, oldest first."""
        officer = self.staff("privacy_officer")
        entries = officer.get(f"/audit?patient_id={patient_id}").get_json()["items"]
        return [(e["access"], e["action"]) for e in reversed(entries) if e["action"] != "audit-read"]

    def audited(self, action: str) -> int:
        with self.house.service("intake").unit_of_work() as uow:
            rows = select(func.count()).select_from(audit_entry).where(audit_entry.c.action == action)
            return uow.session.execute(rows).scalar_one()

    def moves_on(self, **by: float) -> datetime:
        self.house.clock.advance(timedelta(**by))
        return self.house.clock.at


def somebody_else() -> str:
    return str(uuid4())


@pytest.fixture
def clinic(house: House) -> Clinic:
    return Clinic(house)
